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
    path: str = ""  # for a route that cannot be reversed
    public: bool = False

    def expected(self, role: str, method: str) -> frozenset[str]:
        """Return the answers that are right for a role and a method."""
        if method in self.answers:
            return self.answers[method][role]
        get = self.answers.get("GET", {}).get(role, frozenset())
        if method == "HEAD":
            return get or self._refused(role)
        if method == "OPTIONS":
            return get | {"200"} if get else self._refused(role) | {"200"}
        return self._refused(role)

    def _refused(self, role: str) -> frozenset[str]:
        return REFUSED if self.public or role != ANONYMOUS else frozenset({"login"})


TABLE = """
# route | objects | method | anonymous owner therapist assistant athlete stranger
"""
