"""One athlete's record: what every clinician reads of it, and the part that the desk may read."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import cast

from django.db.models import Count, Prefetch

from athletes.facts.days import Told, told
from athletes.facts.roster import RATE_DAYS, STRIP_DAYS, WEEK, silent_for
from athletes.models import Alert, Athlete, CareTie, DueSession, Entry, PainReport, Pause, SessionLog
from athletes.rules.adherence import Rate, frequency
from athletes.rules.days import Day
from athletes.rules.trend import PainDay, Trend, trend
from athletes.rules.windows import local_date
from clinic.models import Member, Message, Suppression

MESSAGES = 8
CALENDAR_WEEKS = 8
TOLD_MARGIN = 8  # days before the first one drawn that `usual` looks back


@dataclass(frozen=True, slots=True)
class Desk:
    """Names, contact and adherence: all that an assistant reads."""

    today: date
    week: int
    ties: list[CareTie]
    on_team: bool
    pause: Pause | None
    pauses_ahead: list[Pause]
    rate_7: Rate
    rate_28: Rate
    weeks: list[list[Day]]  # Monday first, the newest week last
    week_rates: list[Rate]
    silent_days: int | None
    messages: list[Message]
    no_reminders: Suppression | None


@dataclass(frozen=True, slots=True)
class BlockRate:
    """How often one part of the program was done."""

    title: str
    rate: Rate


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing of the story, at an instant: a log, a report about pain, or an alert that opened."""

    at: datetime
    kind: str  # log, report, alert
    thing: SessionLog | PainReport | Alert


@dataclass(frozen=True, slots=True)
class Clinical:
    """What a clinician reads besides."""

    alerts: list[Alert]
    pain: list[PainDay]
    usual: float | None
    trend: Trend
    as_written: tuple[int, int]  # exercises done whole, of all that were told
    blocks: list[BlockRate]
    story: list[Happening]
    more: bool


def desk(athlete: Athlete, member: Member, *, now: datetime) -> Desk:
    """Return what the desk reads of an athlete. Six queries."""
    today = local_date(now, athlete.time_zone)
    since = today - timedelta(days=today.weekday() + WEEK * (CALENDAR_WEEKS - 1))
    known = told([athlete.pk], since=since, pain=False)[athlete.pk]
    ties = CareTie.objects.in_force(today).filter(athlete=athlete).select_related("member")
    team = sorted(ties, key=lambda tie: (list(CareTie.Part).index(CareTie.Part(tie.part)), tie.from_on))
    pauses = list(Pause.objects.filter(athlete=athlete).order_by("from_on"))
    holding = [p for p in pauses if p.from_on <= today and (p.until_on is None or today <= p.until_on)]
    days = known.days(today, (today - since).days + 1, [(p.from_on, p.until_on) for p in pauses])
    weeks = [days[n : n + WEEK] for n in range(0, len(days), WEEK)]
    sent = Message.objects.filter(recipient=athlete.member).order_by("-created_at", "-pk")
    return Desk(
        today=today,
        week=(today - athlete.started_on).days // WEEK + 1,
        ties=team,
        on_team=any(tie.member_id == member.pk for tie in team),
        pause=holding[0] if holding else None,
        pauses_ahead=[pause for pause in pauses if pause.from_on > today],
        rate_7=known.rate(today, WEEK),
        rate_28=known.rate(today, RATE_DAYS),
        weeks=weeks,
        week_rates=[known.rate(min(week[0].on + timedelta(days=6), today), len(week)) for week in weeks],
        silent_days=silent_for(athlete, today),
        messages=list(sent[:MESSAGES]),
        no_reminders=Suppression.objects.filter(member=athlete.member_id, kind="nudge").first(),
    )


def clinical(athlete: Athlete, *, now: datetime, span: int, shown: int) -> Clinical:
    """Return what a clinician reads: the pain of `span` days, and the newest `shown` things that happened. Nine queries."""
    today = local_date(now, athlete.time_zone)
    known = told([athlete.pk], since=today - timedelta(days=span + TOLD_MARGIN)).get(athlete.pk) or Told()
    lately = known.pain(today, STRIP_DAYS)
    live = Alert.objects.filter(athlete=athlete, state__in=Alert.LIVE).select_related(
        "owner", "acknowledged_by", "rule"
    )
    alerts = list(live.order_by("-state", "level", "opened_at"))
    for alert in alerts:
        alert.athlete = athlete  # known already: spares a query
    story = _story(athlete, shown + 1)
    return Clinical(
        alerts=alerts,
        pain=known.pain(today, span),
        usual=known.usual_morning(today, athlete.baseline_morning),
        trend=trend([day.morning for day in lately], asked=[day.asked for day in lately]),
        as_written=_as_written(athlete, today),
        blocks=_by_block(athlete, today),
        story=story[:shown],
        more=len(story) > shown,
    )


def _story(athlete: Athlete, limit: int) -> list[Happening]:
    """Return the newest things that happened, newest first. Five queries, entries included."""
    entries = Entry.objects.select_related("exercise")
    logs = (
        SessionLog.objects.filter(athlete=athlete)
        .select_related("block", "entered_by", "correction")
        .prefetch_related(Prefetch("entries", entries))
    )
    reports = PainReport.objects.filter(athlete=athlete).select_related("entered_by")
    alerts = Alert.objects.filter(athlete=athlete).select_related("owner", "resolved_by")
    newest = [
        *(Happening(log.performed_at, "log", log) for log in logs.order_by("-performed_at", "-recorded_at")[:limit]),
        *(Happening(row.performed_at, "report", row) for row in reports.order_by("-performed_at")[:limit]),
        *(Happening(alert.opened_at, "alert", alert) for alert in alerts.order_by("-opened_at")[:limit]),
    ]
    return sorted(newest, key=lambda happening: happening.at, reverse=True)[:limit]


def _as_written(athlete: Athlete, today: date) -> tuple[int, int]:
    told_of = Entry.objects.filter(
        log__athlete=athlete, log__correction=None, log__performed_on__gt=today - timedelta(days=RATE_DAYS)
    )
    counts = dict(told_of.order_by().values_list("done").annotate(Count("pk")))
    return cast("int", counts.get(Entry.Done.DONE, 0)), sum(counts.values())


def _by_block(athlete: Athlete, today: date) -> list[BlockRate]:
    """Return the rate of each part of the program in the last 28 days, in the order of the program."""
    rows = DueSession.objects.filter(
        athlete=athlete, until_on__gt=today - timedelta(days=RATE_DAYS), from_on__lte=today
    ).order_by("block__version__program__priority", "block__order", "from_on")
    titles: dict[object, str] = {}
    states: dict[object, list[str]] = {}
    for lineage, title, state in rows.values_list("block__lineage", "block__title", "state"):
        titles[lineage] = title
        states.setdefault(lineage, []).append(state)
    return [BlockRate(titles[lineage], frequency(found)) for lineage, found in states.items()]
