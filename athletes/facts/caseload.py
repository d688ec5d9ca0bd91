"""The caseload: who needs a person, in one narrow query; rows are read for the page only."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Subquery, Value, When

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
from athletes.rules.triage import FILTERS, GROUPS, UNCLINICAL, Group, Reason, Standing
from athletes.rules.windows import local_date
from clinic.models import Member
from clinic.roles import Permission

PAGE = 50
FRESH = timedelta(hours=48)  # pain told this lately is still of today's concern
COLUMNS = (
    *("pk", "member__name", "state", "started_on", "last_logged_at", "has_user"),
    *("open_level", "open_since", "has_seen", "has_program", "is_paused", "has_silence", "is_sore"),
)


@dataclass(frozen=True, slots=True)
class Lens:
    """What the page asks for."""

    whose: str = "clinic"  # or mine
    keep: str = "all"
    search: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True)
class Listed:
    """An athlete of the page, and why they stand there. Carries the pause that holds, and the edition in force."""

    athlete: Any  # an Athlete with edition, paused_from, paused_until, paused_for
    standing: Standing
    reason: Reason


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of athletes, and the counts around it."""

    page: list[Listed]
    filters: dict[str, int]
    groups: dict[Group, int]
    number: int
    pages: int
    needs: int
    logged_lately: int
    silent_days: int


def listing(member: Member, lens: Lens, *, now: datetime) -> Listing:
    """Return a page of the athletes whom a member sees, most urgent first. Three queries."""
    clinical = member.may(Permission.READ_CLINICAL)
    today = local_date(now, member.clinic.time_zone)
    silent_days = _silent_days()
    everyone = [Standing(*row) for row in standings(member, lens, now=now, silent_days=silent_days)]
    offered = FILTERS if clinical else {name: FILTERS[name] for name in UNCLINICAL}
    keep = offered.get(lens.keep, FILTERS["all"])
    sought = lens.search.casefold()
    kept = [who for who in everyone if keep(who) and sought in who.name.casefold()]
    kept.sort(key=lambda who: who.order(today) if clinical else (who.name.casefold(), who.pk))
    pages = max(-(-len(kept) // PAGE), 1)
    number = min(max(lens.page, 1), pages)
    reasons = Counter(who.reason(today).group for who in kept)
    return Listing(
        page=_listed(kept[(number - 1) * PAGE : number * PAGE], today),
        filters={name: sum(map(condition, everyone)) for name, condition in offered.items()},
        groups={name: reasons[name] for name in GROUPS},
        number=number,
        pages=pages,
        needs=sum(who.open_level is not None for who in everyone),
        logged_lately=sum(_is_after(who.last_logged_at, now - timedelta(days=1)) for who in everyone),
        silent_days=silent_days,
    )


def standings(member: Member, lens: Lens, *, now: datetime, silent_days: int) -> Iterable[tuple[Any, ...]]:
    """Return one narrow row for each athlete in reach of a member. One query.

    Days are the clinic's own here: a day's difference to a runner abroad only moves a row.
    """
    on = local_date(now, member.clinic.time_zone)
    rows = Athlete.objects.visible_to(member)
    if lens.whose == "mine":
        rows = rows.in_care_of(member, on)
    alerts = Alert.objects.filter(athlete=OuterRef("pk"))
    waiting = alerts.filter(state=Alert.State.OPEN).order_by("level", "opened_at")
    narrow: Iterable[tuple[Any, ...]] = rows.annotate(
        has_user=Q(member__user__isnull=False),
        open_level=Subquery(waiting.values("level")[:1]),
        open_since=Subquery(waiting.values("opened_at")[:1]),
        has_seen=Exists(alerts.filter(state=Alert.State.ACKNOWLEDGED)),
        has_program=Exists(_published()),
        is_paused=Exists(_pauses(on)),
        has_silence=_silence(now, on, silent_days),
        is_sore=_sore(now, member.clinic.watch_from),
    ).values_list(*COLUMNS)
    return narrow


def _listed(standing: list[Standing], today: date) -> list[Listed]:
    """Read the rows of the page. One query."""
    in_force = _published().filter(effective_on__lte=today).order_by("program__priority", "-number")
    holding = _pauses(today).order_by("from_on")
    rows = Athlete.objects.select_related("member").annotate(
        edition=Subquery(in_force.values("number")[:1]),
        paused_from=Subquery(holding.values("from_on")[:1]),
        paused_until=Subquery(holding.values("until_on")[:1]),
        paused_for=Subquery(holding.values("reason")[:1]),
    )
    found: dict[UUID, Any] = rows.in_bulk([who.pk for who in standing])
    return [Listed(found[who.pk], who, who.reason(today)) for who in standing if who.pk in found]


def _published() -> QuerySet[ProgramVersion]:
    rows: QuerySet[ProgramVersion] = ProgramVersion.objects.filter(
        program__athlete=OuterRef("pk"), program__state=Program.State.ACTIVE, state=ProgramVersion.State.PUBLISHED
    )
    return rows


def _pauses(on: date) -> QuerySet[Pause]:
    rows: QuerySet[Pause] = Pause.objects.filter(athlete=OuterRef("pk"), from_on__lte=on)
    return rows.filter(Q(until_on=None) | Q(until_on__gte=on))


def _silence(now: datetime, on: date, days: int) -> Case:
    """Tell who did not log for so many days while windows closed without an answer. Never null: SQL's is neither."""
    unanswered = DueSession.objects.filter(
        athlete=OuterRef("pk"), state=DueSession.State.UNANSWERED, closes_at__gt=now - timedelta(days=2 * days)
    )
    long_ago = Q(last_logged_at__lte=now - timedelta(days=days))
    never = Q(last_logged_at=None, started_on__lte=on - timedelta(days=days))
    return Case(When((long_ago | never) & Q(Exists(unanswered)), then=Value(value=True)), default=Value(value=False))


def _sore(now: datetime, watch_from: int) -> Q:
    reports = PainReport.objects.filter(athlete=OuterRef("pk"), recorded_at__gt=now - FRESH, score__gte=watch_from)
    logs = SessionLog.objects.filter(athlete=OuterRef("pk"), performed_at__gt=now - FRESH, correction=None)
    hurt = Q(pain_during__gte=watch_from) | Q(pain_after__gte=watch_from) | Q(stopped_for_pain=True)
    return Q(Exists(reports)) | Q(Exists(logs.filter(hurt)))


def _silent_days() -> int:
    """Return after how many days without a log rule N4 speaks. One query."""
    rule = thresholds.rules_in_force().get(EscalationRule.Kind.N4)
    return int((rule.thresholds if rule else {}).get("silent_days", N4Thresholds().silent_days))


def _is_after(instant: datetime | None, since: datetime) -> bool:
    return instant is not None and instant > since
