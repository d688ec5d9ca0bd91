"""What every route answers to whom. Read it as a table; add a line before you add a route.

Statuses: `login` is a redirect to the door; `a/b` allows either. A method without a line is refused: `login` for
anonymous, else 403, 404 or 405, and nothing changes. HEAD answers as GET. OPTIONS is answered to whoever may GET.
"""

from dataclasses import dataclass, field

ANONYMOUS = "anonymous"
ROLES = {"owner": "olive", "therapist": "tess", "assistant": "finn", "athlete": "ana", "stranger": "hugo"}
METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")
REFUSED = frozenset({"403", "404", "405"})


@dataclass
class Route:
    """One route's answers: method -> role -> allowed answers. `objects` maps its kwargs to names of the world."""

    objects: dict[str, str] = field(default_factory=dict)
    answers: dict[str, dict[str, frozenset[str]]] = field(default_factory=dict)
    public: bool = False

    def expected(self, role: str, method: str) -> frozenset[str]:
        """Return the answers that are right for a role and a method."""
        if (declared := self.answers.get(method) or self.answers.get("*")) is not None:
            return declared[role]
        get = self.answers.get("GET", {}).get(role, frozenset())
        if method == "HEAD":
            return get or self._refused(role)
        if method == "OPTIONS":
            return get | {"200"} if get else self._refused(role) | {"200"}
        return self._refused(role)

    def _refused(self, role: str) -> frozenset[str]:
        return REFUSED if self.public or role != ANONYMOUS else frozenset({"login"})


TABLE = """
# The door. Open to everybody; who is signed in already is sent on. (allauth treats PUT as POST.)
account_login                  -           *    200/405 302    302    302    302    302
account_logout                 -           GET  302     200    200    200    200    200
account_logout                 -           POST 302     302    302    302    302    302
account_inactive               -           GET  200     200    200    200    200    200
account_signup                 -           *    200     302    302    302    302    302
account_reauthenticate         -           *    login   200/405 200/405 200/405 200/405 200/405
account_change_password        -           *    login   200/405 200/405 200/405 200/405 200/405
account_reset_password         -           *    200/405 200/405 200/405 200/405 200/405 200/405
account_reset_password_done    -           GET  200     200    200    200    200    200
account_reset_password_from_key     uidb36=x,key=x  *  200  200  200  200  200  200
account_reset_password_from_key_done -     GET  200     200    200    200    200    200
account_request_login_code     -           *    200/405 302    302    302    302    302
account_confirm_login_code     -           *    login   302    302    302    302    302

# Health: for machines on this host, or with the token.
livez                          -           GET  200     200    200    200    200    200
livez                          -           OPTIONS 405 405 405 405 405 405
readyz                         -           GET  200     200    200    200    200    200
readyz                         -           OPTIONS 405 405 405 405 405 405
pipelinez                      -           GET  503     503    503    503    503    503
pipelinez                      -           OPTIONS 405 405 405 405 405 405

# Where everybody lands, and whose clinic it is.
home                           -           GET  login   302    302    302    302    302
clinic:switch                  -           GET  login   200    200    200    200    200
clinic:switch                  -           POST login   404    404    404    404    404

# Signed links: the token is the permission.
clinic:invitation              token=invitation   GET  200  200  200  200  200  200
clinic:invitation              token=invitation   POST 422  422  422  422  422  422
clinic:unsubscribe             token=unsubscribe  GET  200  200  200  200  200  200
clinic:unsubscribe             token=unsubscribe  POST 200  200  200  200  200  200

# Staff of the clinic.
clinic:staff                   -           GET  login   200    403    403    403    403
clinic:staff                   -           POST login   422    403    403    403    403
clinic:staff_resend            member=member GET  login 405    403    403    403    403
clinic:staff_resend            member=invitee POST login 302   403    403    403    403
clinic:staff_end               member=member GET  login 200    403    403    403    403
clinic:staff_end               member=member POST login 302    403    403    403    403

# The library.
exercises:library              -           GET  login   200    200    200    200    200
exercises:exercise             pk=exercise GET  login   200    200    200    200    404
exercises:compare              -           GET  login   200    200    200    200    200
exercises:favourite            pk=exercise POST login   302    302    302    302    404
exercises:protocols            -           GET  login   200    200    200    200    200
exercises:protocol             pk=protocol GET  login   200    200    200    200    404
exercises:media                pk=exercise GET  login   200    200    403    403    404
exercises:media                pk=exercise POST login   422    422    403    403    404
exercises:media_file           media=media GET  login   200    200    200    200    404
exercises:media_remove         media=media POST login 302   302    403    403    404
exercises:education            -           GET  login   200    200    200    200    200
exercises:card                 pk=card     GET  login   200    200    200    200    404
exercises:faq                  -           GET  login   200    200    200    200    200
exercises:exercise_new         -           GET  login   200    200    403    403    200
exercises:exercise_new         -           POST login   422    422    403    403    422
exercises:exercise_edit          pk=exercise GET  login   200    200    403    403    404
exercises:exercise_edit          pk=exercise POST login   422    422    403    403    404
exercises:exercise_copy          pk=exercise GET  login   200    200    403    403    404
exercises:exercise_copy          pk=exercise POST login   422    422    403    403    404
exercises:exercise_history       pk=exercise GET  login   200    200    403    403    404
exercises:exercise_retire        pk=exercise GET  login   200    200    403    403    404
exercises:exercise_retire        pk=exercise POST login   302    302    403    403    404
exercises:exercise_bring_back    pk=exercise POST login   302    302    403    403    404
exercises:exercise_version     pk=exercise,number=number GET  login 200 200 403 403 404
exercises:exercise_version     pk=exercise,number=number POST login 409 409 403 403 404
exercises:protocol_new         -           GET  login   200    200    403    403    200
exercises:protocol_new         -           POST login   200    200    403    403    200
exercises:protocol_edit          pk=protocol GET  login   200    200    403    403    404
exercises:protocol_edit          pk=protocol POST login   200    200    403    403    404
exercises:protocol_copy          pk=protocol GET  login   200    200    403    403    404
exercises:protocol_copy          pk=protocol POST login   200    200    403    403    404
exercises:protocol_history       pk=protocol GET  login   200    200    403    403    404
exercises:protocol_retire        pk=protocol GET  login   200    200    403    403    404
exercises:protocol_retire        pk=protocol POST login   302    302    403    403    404
exercises:protocol_bring_back    pk=protocol POST login   302    302    403    403    404
exercises:protocol_version     pk=protocol,number=number GET  login 200 200 403 403 404
exercises:protocol_version     pk=protocol,number=number POST login 409 409 403 403 404
exercises:updates              -           GET  login   200    403    403    403    403
exercises:updates              -           POST login   422    403    403    403    403
exercises:files                -           GET  login   200    200    403    403    200
exercises:files                -           POST login   422    422    403    403    422
exercises:import               -           POST login   422    422    403    403    422
exercises:export               name=x      GET  login   404    404    403    403    404
exercises:api_list             -           GET  403     200    200    200    200    200

# The runner's own pages.
athletes:today                 -           GET  login   403    403    403    200    403
athletes:morning               -           GET  login   403    403    403    302    403
athletes:morning               -           POST login   403    403    403    422    403
athletes:log                   block=block GET  login   403    403    403    200    403
athletes:log                   block=block POST login   403    403    403    422    403
athletes:correct               log=log     GET  login   403    403    403    200    403
athletes:correct               log=log     POST login   403    403    403    422    403
athletes:history               -           GET  login   403    403    403    200    403
athletes:my_program            -           GET  login   403    403    403    200    403
athletes:preferences           -           GET  login   403    403    403    200    403
athletes:preferences           -           POST login   403    403    403    422    403
athletes:wrong                 -           GET  login   403    403    403    200    403
athletes:wrong                 -           POST login   403    403    403    200    403
athletes:api_today             -           GET  403     403    403    403    200    403
athletes:api_sessions          -           POST 403     403    403    403    400    403

# The clinic's side.
athletes:caseload              -           GET  login   200    200    200    403    200
athletes:athlete               athlete=athlete GET login 200   200    200    403    404
athletes:alerts                -           GET  login   200    200    403    403    200
athletes:alert                 alert=alert GET  login   200    200    403    403    404
athletes:acknowledge           alert=alert POST login   403    302    403    403    404
athletes:assign                alert=alert POST login   403    422    403    403    404
athletes:resolve               alert=alert POST login   403    422    403    403    404
athletes:join_care             athlete=athlete POST login 302  302    403    403    404
athletes:reinvite              athlete=athlete POST login 302  302    302    403    404
athletes:pause                 athlete=athlete GET  login 200  200    403    403    404
athletes:pause                 athlete=athlete POST login 403  422    403    403    404
athletes:hold                  athlete=athlete GET  login 200  200    403    403    404
athletes:hold                  athlete=athlete POST login 403  422    403    403    404
athletes:resume                athlete=athlete GET  login 200  200    403    403    404
athletes:resume                athlete=athlete POST login 403  422    403    403    404
athletes:discharge             athlete=athlete GET  login 200  200    403    403    404
athletes:discharge             athlete=athlete POST login 403  422    403    403    404
athletes:new_runner            -           GET  login   200    200    200    403    200
athletes:new_runner            -           POST login   422    422    422    403    422
athletes:new_program           athlete=athlete GET  login 403 200 403 403 404
athletes:new_program           athlete=athlete POST login 403 422 403 403 404
athletes:draft                 athlete=athlete,program=program GET  login 403 200 403 403 404
athletes:draft                 athlete=athlete,program=program POST login 403 409 403 403 404
athletes:preview               athlete=athlete,program=program GET  login 403 200 403 403 404
athletes:publish               athlete=athlete,program=program POST login 403 422 403 403 404
athletes:end_program           athlete=athlete,program=program GET  login 403 200 403 403 404
athletes:end_program           athlete=athlete,program=program POST login 403 422 403 403 404
athletes:end_pause             athlete=athlete,pause=pause POST login 403 302 403 403 404

# The admin: the same roles, the same walls. GET also stands for the other methods where the admin reads any as GET.
admin:index                    -           *    login   200    200    200    403    200
admin:login                    -           *    login   403    403    403    403    403
admin:jsi18n                   -           GET  login   200    200    200    403    200
admin:autocomplete             -           GET  login   403    403    403    403    403
admin:view_on_site             content_type_id=none,object_id=none * login 404 404 404 403 404
admin:app_list                 app_label=app *  login   200    200    404    403    200
admin/(?P<url>.*)$             -           *    login   404    404    404    403    404
"""

# model, the world's name of a row, and who may read: owner therapist assistant athlete stranger
ADMIN = """
clinic_member       member   200 403 403 403 403
clinic_message      message  200 403 403 403 403
clinic_auditevent   audit    200 403 403 403 403
athletes_athlete    athlete  200 200 403 403 200
athletes_program    program  200 200 403 403 200
athletes_sessionlog log      200 200 403 403 200
athletes_alert      alert    200 200 403 403 200
"""


def admin_rows() -> str:
    """Spell out the rows of every model in the admin: read by those who may, changed by nobody here."""
    rows = []
    for line in ADMIN.strip().splitlines():
        model, row, *reads = line.split()
        # Another clinic's row and one that never existed: the same redirect to the index.
        one = [*reads[:-1], "302" if reads[-1] == "200" else reads[-1]]
        path = f"admin/{model.replace('_', '/')}/<path:object_id>/"
        rows += [
            f"admin:{model}_changelist - * login {' '.join(reads)}",
            f"admin:{model}_add - * login 403 403 403 403 403",
            f"admin:{model}_delete object_id={row} * login 403 403 403 403 403/302",
            f"admin:{model}_history object_id={row} * login {' '.join(one)}",
            f"admin:{model}_change object_id={row} * login {' '.join(one)}",
            f"admin:{model}_change object_id={row} POST login 403 403 403 403 403/302",
            f"{path} object_id={row} * login 302 302 302 403 302",
        ]
    return "\n".join(rows)


def read(table: str) -> dict[str, Route]:
    """Turn the table into routes."""
    routes: dict[str, Route] = {}
    for line in table.strip().splitlines():
        if not line or line.startswith("#"):
            continue
        name, objects, method, *answers = line.split()
        named = dict(pair.split("=") for pair in objects.split(",")) if objects != "-" else {}
        route = routes.setdefault(name, Route())
        route.objects.update(named)
        route.answers[method] = dict(zip((ANONYMOUS, *ROLES), (frozenset(a.split("/")) for a in answers), strict=True))
    for route in routes.values():
        route.public = all("login" not in answers[ANONYMOUS] for answers in route.answers.values())
    return routes


POLICY = read(f"{TABLE}\n{admin_rows()}")
