"""What stands on the desk while a program is edited: the draft, the edition it changes, and how the runner is."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from athletes.facts.days import told
from athletes.facts.programs import draft_of, latest, plan_of
from athletes.facts.roster import RATE_DAYS, STRIP_DAYS, WEEK, urgent
from athletes.models import Alert, Athlete, Program, ProgramVersion
from athletes.rules.adherence import Rate
from athletes.rules.plan import Plan
from athletes.rules.windows import local_date


@dataclass(frozen=True, slots=True)
class Desk:
    """`base` is the newest published edition; `stored` the saved draft. Without one, saving makes number + 1."""

    base: ProgramVersion | None
    stored: ProgramVersion | None

    @property
    def number(self) -> int:
        """The number that the draft has, or will have."""
        if self.stored is not None:
            return self.stored.number
        return self.base.number + 1 if self.base else 1

    @property
    def revision(self) -> int:
        """The draft's revision; 0 before it is saved."""
        return self.stored.revision if self.stored else 0

    @property
    def base_plan(self) -> Plan:
        """What is published."""
        return plan_of(self.base)

    @property
    def plan(self) -> Plan:
        """What there is to edit: the draft, else what is published."""
        return plan_of(self.stored or self.base)


@dataclass(frozen=True, slots=True)
class Beside:
    """How the runner is, in a glance beside the draft. `mornings` are the last 14 days, today last; None is unknown."""

    mornings: list[int | None]
    usual: float | None
    rate_28: Rate
    alert: Alert | None


def desk(program: Program) -> Desk:
    """Return the draft and the edition that it changes. Eight queries at most, however long the program."""
    return Desk(base=latest(program), stored=draft_of(program))


def beside(athlete: Athlete, *, now: datetime) -> Beside:
    """Return how the runner is. Four queries."""
    today = local_date(now, athlete.time_zone)
    since = today - timedelta(days=RATE_DAYS + WEEK)
    known = told([athlete.pk], since=since)[athlete.pk]
    return Beside(
        mornings=[day.morning for day in known.pain(today, STRIP_DAYS)],
        usual=known.usual_morning(today, athlete.baseline_morning),
        rate_28=known.rate(today, RATE_DAYS),
        alert=urgent([athlete.pk]).get(athlete.pk),
    )
