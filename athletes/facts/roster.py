"""The rows of a caseload page: what stands beside each name."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from athletes.facts.caseload import Listed, sore_since
from athletes.facts.days import Told, told
from athletes.models import Alert, Athlete
from athletes.rules.adherence import Rate
from athletes.rules.trend import Trend, trend
from athletes.rules.triage import Reason
from athletes.rules.windows import local_date
from clinic.models import Member
from clinic.roles import Permission

STRIP_DAYS = 14
RATE_DAYS = 28
WEEK = 7


@dataclass(frozen=True, slots=True)
class Sore:
    """The highest score since yesterday, where it comes from, and what is usual: of mornings, or of whole days."""

    score: int | None
    context: str  # next_morning, or peak
    usual: float | None = None
    stopped: bool = False


@dataclass(frozen=True, slots=True)
class Pain:
    """Fourteen days of the highest score told of each day; None is unknown."""

    scores: list[int | None]
    asked: list[bool]
    usual: float | None
    trend: Trend
    sore: Sore


@dataclass(frozen=True, slots=True)
class Row:
    """One athlete of the caseload. Without the right to read clinical data `pain` and `alert` are None."""

    athlete: Any  # with the columns that `caseload.Listed` names
    reason: Reason
    week: int
    is_paused: bool
    rate_7: Rate
    rate_28: Rate
    glyphs: list[str]
    silent_days: int
    pain: Pain | None
    alert: Alert | None


def rows(listed: Sequence[Listed], member: Member, *, now: datetime) -> list[Row]:
    """Return what stands beside each athlete of a page of `caseload.listing`. Four queries, or two for an assistant."""
    clinical = member.may(Permission.READ_CLINICAL)
    ids = [one.athlete.pk for one in listed]
    known = told(ids, since=now.date() - timedelta(days=RATE_DAYS + WEEK), pain=clinical)
    alerts = urgent(ids) if clinical else {}
    since = sore_since(local_date(now, member.clinic.time_zone)) if clinical else None
    return [_row(one, known.get(one.athlete.pk) or Told(), alerts.get(one.athlete.pk), now, since) for one in listed]


def urgent(athletes: Sequence[UUID]) -> dict[UUID, Alert]:
    """Return the most urgent live alert of each athlete: open before acknowledged, then by level and age. One query."""
    live = Alert.objects.filter(athlete__in=athletes, state__in=Alert.LIVE).select_related("owner", "acknowledged_by")
    found: dict[UUID, Alert] = {}
    for alert in live.order_by("-state", "level", "opened_at"):  # "open" sorts after "acknowledged"
        found.setdefault(alert.athlete_id, alert)
    return found


def _row(listed: Listed, known: Told, alert: Alert | None, now: datetime, since: date | None) -> Row:
    athlete = listed.athlete
    today = local_date(now, athlete.time_zone)
    if alert is not None:
        alert.athlete = athlete  # known already: spares a query
    paused = listed.standing.is_paused
    away = [(athlete.paused_from, athlete.paused_until)] if paused else []
    return Row(
        athlete=athlete,
        reason=listed.reason,
        week=(today - athlete.started_on).days // WEEK + 1,
        is_paused=paused,
        rate_7=known.rate(today, WEEK),
        rate_28=known.rate(today, RATE_DAYS),
        glyphs=[day.glyph for day in known.days(today, STRIP_DAYS, away)],
        silent_days=listed.standing.silent_days,
        pain=_pain(athlete, known, today, since, paused=paused) if since else None,
        alert=alert,
    )


def silent_for(athlete: Athlete, today: date) -> int | None:
    """Return how many days ago the last log was, or None before the first one."""
    if athlete.last_logged_at is None:
        return None
    return max((today - local_date(athlete.last_logged_at, athlete.time_zone)).days, 0)


def _pain(athlete: Any, known: Told, today: date, since: date, *, paused: bool) -> Pain:
    days = known.pain(today, STRIP_DAYS)
    scores, asked = [day.highest for day in days], [day.asked for day in days]
    lately = [
        Sore(score, context)
        for day in days
        if day.on >= since
        for context, score in (("peak", day.peak), ("next_morning", day.morning))
    ]
    worst = max(lately, key=lambda sore: -1 if sore.score is None else sore.score, default=Sore(None, "peak"))
    usual = known.usual_highest(today, athlete.baseline_morning)
    of_mornings = worst.context == "next_morning"
    of_kind = known.usual_morning(today, athlete.baseline_morning) if of_mornings else usual
    return Pain(
        scores=scores,
        asked=asked,
        usual=usual,
        trend=trend(scores, asked=asked, paused=paused),
        sore=Sore(worst.score, worst.context, of_kind, athlete.has_stopped),
    )
