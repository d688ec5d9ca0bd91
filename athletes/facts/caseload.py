"""The caseload: who needs a person, sorted and counted by the database, a fixed number of queries for any number."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import (
    Case,
    Count,
    Exists,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)

from athletes.facts import thresholds
from athletes.models import (
    Alert,
    Athlete,
    DueSession,
    EscalationRule,
    PainReport,
    Pause,
    Program,
    ProgramVersion,
    SessionLog,
)
from athletes.rules.silence import N4Thresholds
from athletes.rules.triage import GROUPS, Group, Reason
from athletes.rules.windows import local_date
from clinic.models import Member
from clinic.roles import Permission

PAGE = 50
FRESH = timedelta(hours=48)  # pain told this lately is still of today's concern
NEW_DAYS = 7

# What a filter keeps, in terms of the columns of `triaged`; the first is the default and keeps all in care.
FILTERS: dict[str, Q] = {
    "all": ~Q(reason=Reason.DISCHARGED),
    "alert": Q(open_level__isnull=False) | Q(has_seen=True),
    "pain": Q(is_sore=True) & ~Q(state=Athlete.State.DISCHARGED),
    "silent": Q(is_silent=True),
    "no_program": Q(reason=Reason.NO_PROGRAM),
    "hold": Q(state=Athlete.State.ON_HOLD),
    "paused": Q(is_paused=True) & ~Q(state=Athlete.State.DISCHARGED),
    "discharged": Q(state=Athlete.State.DISCHARGED),
}
UNCLINICAL = ("all", "silent", "paused", "discharged")  # what tells nothing of pain or alerts


@dataclass(frozen=True, slots=True)
class Lens:
    """What the page asks for."""

    whose: str = "clinic"  # or mine
    keep: str = "all"
    search: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of athletes, and the counts around it."""

    athletes: list[Athlete]
    filters: dict[str, int]
    groups: dict[Group, int]
    total: int
    needs: int
    logged_lately: int
    silent_days: int

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(-(-self.total // PAGE), 1)


def listing(member: Member, lens: Lens, *, now: datetime) -> Listing:
    """Return a page of the athletes whom a member sees, most urgent first. Three queries."""
    clinical = member.may(Permission.READ_CLINICAL)
    rule = thresholds.rules_in_force().get(EscalationRule.Kind.N4)
    silent_days = int((rule.thresholds if rule else {}).get("silent_days", N4Thresholds().silent_days))
    rows = triaged(member, lens, now=now, silent_days=silent_days)
    offered = FILTERS if clinical else {name: FILTERS[name] for name in UNCLINICAL}
    kept = offered.get(lens.keep, FILTERS["all"]) & Q(member__name__icontains=lens.search)
    counted = rows.aggregate(
        **{f"filter_{name}": Count("pk", filter=condition) for name, condition in offered.items()},
        **{f"group_{name}": Count("pk", filter=kept & Q(reason__in=reasons)) for name, reasons in GROUPS.items()},
        total=Count("pk", filter=kept),
        needs=Count("pk", filter=Q(reason=Reason.ALERT)),
        logged_lately=Count("pk", filter=Q(last_logged_at__gt=now - timedelta(days=1))),
    )
    order = ("reason", "open_level", "open_since", "member__name") if clinical else ("member__name",)
    first = (min(max(lens.page, 1), max(-(-counted["total"] // PAGE), 1)) - 1) * PAGE
    page = rows.filter(kept).select_related("member").order_by(*order, "pk")[first : first + PAGE]
    return Listing(
        athletes=list(page),
        filters={name: counted[f"filter_{name}"] for name in offered},
        groups={name: counted[f"group_{name}"] for name in GROUPS},
        total=counted["total"],
        needs=counted["needs"],
        logged_lately=counted["logged_lately"],
        silent_days=silent_days,
    )


def triaged(member: Member, lens: Lens, *, now: datetime, silent_days: int) -> QuerySet[Athlete]:
    """Return the athletes in reach of a member with all that the caseload sorts by, in columns.

    Days are the clinic's own here: a day's difference to a runner abroad only moves a row.
    """
    on = local_date(now, member.clinic.time_zone)
    rows: QuerySet[Athlete] = Athlete.objects.visible_to(member)
    if lens.whose == "mine":
        rows = rows.in_care_of(member, on)  # type: ignore[attr-defined]
    return (
        rows.annotate(**_alert_columns(), **_program_columns(on), **_pause_columns(on))
        .annotate(is_silent=_silent(now, on, silent_days), is_sore=_sore(now, member.clinic.watch_from))
        .annotate(reason=_reason(on))
    )


def _alert_columns() -> dict[str, Subquery | Exists]:
    live = Alert.objects.filter(athlete=OuterRef("pk"))
    waiting = live.filter(state=Alert.State.OPEN).order_by("level", "opened_at")
    return {
        "open_level": Subquery(waiting.values("level")[:1]),
        "open_since": Subquery(waiting.values("opened_at")[:1]),
        "has_seen": Exists(live.filter(state=Alert.State.ACKNOWLEDGED)),
    }


def _program_columns(on: date) -> dict[str, Subquery | Exists]:
    published = ProgramVersion.objects.filter(
        program__athlete=OuterRef("pk"),
        program__state=Program.State.ACTIVE,
        state=ProgramVersion.State.PUBLISHED,
    )
    in_force = published.filter(effective_on__lte=on).order_by("program__priority", "-number")
    return {"has_program": Exists(published), "edition": Subquery(in_force.values("number")[:1])}


def _pause_columns(on: date) -> dict[str, Subquery | Exists]:
    pauses = Pause.objects.filter(athlete=OuterRef("pk"), from_on__lte=on)
    holding = pauses.filter(Q(until_on=None) | Q(until_on__gte=on)).order_by("from_on")
    return {
        "is_paused": Exists(holding),
        "paused_from": Subquery(holding.values("from_on")[:1]),
        "paused_until": Subquery(holding.values("until_on")[:1]),
        "paused_for": Subquery(holding.values("reason")[:1]),
    }


def _silent(now: datetime, on: date, days: int) -> Q:
    """Tell who did not log for so many days while windows closed without an answer."""
    long_ago = now - timedelta(days=days)
    unanswered = DueSession.objects.filter(
        athlete=OuterRef("pk"), state=DueSession.State.UNANSWERED, closes_at__gt=now - timedelta(days=2 * days)
    )
    never = Q(last_logged_at=None, started_on__lte=on - timedelta(days=days))
    return Q(Q(last_logged_at__lte=long_ago) | never, Exists(unanswered), state=Athlete.State.ACTIVE, is_paused=False)


def _sore(now: datetime, watch_from: int) -> Q:
    reports = PainReport.objects.filter(athlete=OuterRef("pk"), recorded_at__gt=now - FRESH, score__gte=watch_from)
    logs = SessionLog.objects.filter(athlete=OuterRef("pk"), performed_at__gt=now - FRESH, correction=None)
    hurt = Q(pain_during__gte=watch_from) | Q(pain_after__gte=watch_from) | Q(stopped_for_pain=True)
    return Exists(reports) | Exists(logs.filter(hurt))


def _reason(on: date) -> Case:
    conditions = {
        Reason.DISCHARGED: Q(state=Athlete.State.DISCHARGED, open_level=None, has_seen=False),
        Reason.ALERT: Q(open_level__isnull=False),
        Reason.SEEN: Q(has_seen=True),
        Reason.SILENT: Q(is_silent=True),
        Reason.PAIN: Q(is_sore=True),
        Reason.ON_HOLD: Q(state=Athlete.State.ON_HOLD),
        Reason.NO_PROGRAM: Q(has_program=False),
        Reason.NOT_SIGNED_IN: Q(member__user=None),
        Reason.PAUSED: Q(is_paused=True),
        Reason.NEW: Q(started_on__gt=on - timedelta(days=NEW_DAYS)),
    }
    cases = [When(condition, then=Value(int(reason))) for reason, condition in conditions.items()]
    return Case(*cases, default=Value(int(Reason.NONE)), output_field=IntegerField())
