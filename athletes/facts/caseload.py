"""The caseload: who needs a person, in one narrow query; rows are read for the page only."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Subquery, Value, When

from athletes.facts import thresholds
from athletes.models import (
    Alert,
    Athlete,
    CareTie,
    DueSession,
    EscalationRule,
    PainReport,
    Pause,
    Program,
    ProgramVersion,
    SessionLog,
)
from athletes.rules.silence import N4Thresholds, days_between
from athletes.rules.triage import FILTERS, GROUPS, UNCLINICAL, Group, Reason, Standing
from athletes.rules.windows import local_date
from clinic.models import Member
from clinic.roles import Permission

PAGE = 50
DAY = timedelta(days=1)
COLUMNS = (
    *("pk", "member__name", "state", "started_on", "last_logged_at", "has_user"),
    *("open_level", "open_since", "has_seen", "has_program", "is_paused", "has_silence", "is_sore"),
    *("resumed_on", "plan_on"),
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

    athlete: Any  # an Athlete with edition, paused_from, paused_until, paused_for, has_stopped
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
    """Return a page of the athletes whom a member sees, most urgent first. Three queries, one more where some are silent."""
    clinical = member.may(Permission.READ_CLINICAL)
    today = local_date(now, member.clinic.time_zone)
    silent_days = _silent_days()
    everyone = _counted(list(standings(member, lens, now=now, silent_days=silent_days)), member, now, silent_days)
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


def _counted(rows: list[tuple[Any, ...]], member: Member, now: datetime, at_least: int) -> list[Standing]:
    """Return how each athlete stands; of who may be silent the days are counted as rule N4 counts them."""
    zone = member.clinic.time_zone
    everyone = {row[0]: Standing(*row[:-2]) for row in rows}
    silent = {who.pk for who in everyone.values() if who.has_silence}
    away: dict[UUID, list[Any]] = defaultdict(list)
    for pk, *days in Pause.objects.filter(athlete__in=silent).values_list("athlete", "from_on", "until_on"):
        away[pk].append(days)
    for pk, *_, resumed_on, plan_on in (row for row in rows if row[0] in silent):
        who = everyone[pk]
        logged_on = who.last_logged_at and local_date(who.last_logged_at, zone)
        since = max(day for day in (who.started_on, resumed_on, plan_on, logged_on) if day)
        count = days_between(since, local_date(now, zone), away[pk])
        everyone[pk] = replace(who, has_silence=count >= at_least, silent_days=count)
    return list(everyone.values())


def standings(member: Member, lens: Lens, *, now: datetime, silent_days: int) -> Iterable[tuple[Any, ...]]:
    """Return one narrow row for each athlete in reach of a member. One query.

    Days are the clinic's own here: a day's difference to a runner abroad only moves a row.
    """
    on = local_date(now, member.clinic.time_zone)
    rows = Athlete.objects.visible_to(member)
    if lens.whose == "mine":
        rows = rows.filter(_mine(member, on))
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
        is_sore=_sore(sore_since(on), member.clinic.watch_from),
        plan_on=Subquery(_published().order_by("effective_on").values("effective_on")[:1]),
    ).values_list(*COLUMNS)
    return narrow


def _mine(member: Member, on: date) -> Q:
    """Tell whom a member looks after, and whom an alert of theirs is about.

    A tie begins on the runner's own day, which may be the clinic's tomorrow; none is made ahead.
    """
    ties = CareTie.objects.filter(member=member, from_on__lte=on + DAY).exclude(until_on__lt=on)
    owned = Alert.objects.filter(owner=member, state__in=Alert.LIVE)
    return Q(pk__in=ties.values("athlete")) | Q(pk__in=owned.values("athlete"))


def _listed(standing: list[Standing], today: date) -> list[Listed]:
    """Read the rows of the page. One query."""
    in_force = _published().filter(effective_on__lte=today).order_by("program__priority", "-number")
    holding = _pauses(today).order_by("from_on")
    rows = Athlete.objects.select_related("member").annotate(
        edition=Subquery(in_force.values("number")[:1]),
        paused_from=Subquery(holding.values("from_on")[:1]),
        paused_until=Subquery(holding.values("until_on")[:1]),
        paused_for=Subquery(holding.values("reason")[:1]),
        has_stopped=Exists(_logs(sore_since(today)).filter(stopped_for_pain=True)),
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
    """Tell who may not have logged for so many days while windows closed without an answer. Never null: SQL's is neither.

    Half a day more or less does not matter: whose silence it may be is counted by local days.
    """
    unanswered = DueSession.objects.filter(
        athlete=OuterRef("pk"), state=DueSession.State.UNANSWERED, closes_at__gt=now - timedelta(days=2 * days)
    )
    long_ago = Q(last_logged_at__lte=now - timedelta(days=days - 1))
    never = Q(last_logged_at=None, started_on__lte=on - timedelta(days=days))
    return Case(When((long_ago | never) & Q(Exists(unanswered)), then=Value(value=True)), default=Value(value=False))


def sore_since(today: date) -> date:
    """Return the first day whose pain is still of today's concern."""
    return today - DAY


def _sore(since: date, watch_from: int) -> Q:
    """Tell who said a score to watch, of a morning the last one. The row words the same days: `roster.rows`."""
    of_mornings = Q(context=PainReport.Context.NEXT_MORNING)
    same = Q(athlete=OuterRef("athlete"), about_on=OuterRef("about_on"), recorded_at__gt=OuterRef("recorded_at"))
    told_anew = Exists(PainReport.objects.filter(of_mornings, same, score__isnull=False))
    reports = PainReport.objects.filter(athlete=OuterRef("pk"), about_on__gte=since, score__gte=watch_from)
    hurt = Q(pain_during__gte=watch_from) | Q(pain_after__gte=watch_from) | Q(stopped_for_pain=True)
    return Q(Exists(reports.exclude(of_mornings & Q(told_anew)))) | Q(Exists(_logs(since).filter(hurt)))


def _logs(since: date) -> QuerySet[SessionLog]:
    rows: QuerySet[SessionLog] = SessionLog.objects.filter(athlete=OuterRef("pk"), performed_on__gte=since)
    return rows.filter(correction=None)


def _silent_days() -> int:
    """Return after how many days without a log rule N4 speaks. One query."""
    rule = thresholds.rules_in_force().get(EscalationRule.Kind.N4)
    return int((rule.thresholds if rule else {}).get("silent_days", N4Thresholds().silent_days))


def _is_after(instant: datetime | None, since: datetime) -> bool:
    return instant is not None and instant > since
