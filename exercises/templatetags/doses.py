"""Doses and schedules as phrases: the same words on every page, in the mail and in print."""

from collections.abc import Iterable
from decimal import Decimal

from django import template
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from exercises.kinds import Measure, Pattern, Side, Trigger
from exercises.models.dose import DoseFields
from exercises.models.labels import SIDES
from exercises.models.schedule import ScheduleFields
from exercises.rules.dose import Dose
from exercises.rules.schedule import Schedule

register = template.Library()

MINUTE = 60  # seconds
KILOMETRE = 1000  # metres
SPOKEN_SIDES = (Side.EACH, Side.ALTERNATING, Side.LEFT, Side.RIGHT)


@register.filter
def phrase(dose: Dose | DoseFields) -> str:
    """Say a whole dose as one phrase: "3 × 30 s each side, rest 45 s"."""
    return ", ".join(part for part in (amount(dose), details(dose)) if part)


@register.filter
def amount(dose: Dose | DoseFields) -> str:
    """Say how much, with the side: "3 × 30 s each side"."""
    dose = _dose(dose)
    side = str(SIDES[dose.side]) if dose.side in SPOKEN_SIDES else ""
    how_much = _set_by_set(dose) if dose.reps_pattern else _amount(dose)
    return f"{how_much} {side}".rstrip()


@register.filter
def details(dose: Dose | DoseFields) -> str:
    """Say what comes on top of the amount: "hold 3 s, tempo 3-0-1-0, 20 kg, effort 6 of 10, rest 60 s", or nothing."""
    dose = _dose(dose)
    hold = dose.hold_s if dose.measure == Measure.REPS else None
    parts = (
        _("hold %(seconds)s") % {"seconds": duration(hold)} if hold else "",
        _("tempo %(tempo)s") % {"tempo": dose.tempo} if dose.tempo else "",
        _("%(kilograms)s kg") % {"kilograms": _number(dose.load_kg)} if dose.load_kg else "",
        _("%(colour)s band") % {"colour": dose.band} if dose.band else "",
        _("effort %(rpe)d of 10") % {"rpe": dose.effort_rpe} if dose.effort_rpe is not None else "",
        _("rest %(seconds)s") % {"seconds": duration(dose.rest_s)} if dose.rest_s and dose.sets > 1 else "",
    )
    return ", ".join(part for part in parts if part)


@register.filter
def schedule_phrase(schedule: Schedule | ScheduleFields) -> str:
    """Say when, as one phrase: "3 times a week, any days", "Mon, Wed, Fri", "every day, 2 times", "before each run"."""
    schedule = schedule.schedule if isinstance(schedule, ScheduleFields) else schedule
    match schedule.trigger:
        case Trigger.BEFORE_RUN:
            return _("before each run")
        case Trigger.AFTER_RUN:
            return _("after each run")
        case Trigger.IF_STIFF:
            return _("if stiff")
    if schedule.pattern == Pattern.PER_WEEK:
        times = schedule.per_week or 0
        return ngettext("once a week, any day", "%(n)d times a week, any days", times) % {"n": times}
    days = _("every day") if schedule.pattern == Pattern.DAILY else _weekdays(schedule.weekdays)
    if schedule.times_per_day == 1:
        return days
    return _("%(days)s, %(n)d times") % {"days": days, "n": schedule.times_per_day}


@register.filter
def duration(seconds: int | None) -> str:
    """Say a length of time: "45 s", "90 s", "15 min", "2 min 30 s"."""
    minutes, rest = divmod(seconds or 0, MINUTE)
    if minutes < 2:  # noqa: PLR2004 - a hold or a rest is counted in seconds
        return _("%(n)d s") % {"n": seconds or 0}
    if not rest:
        return _("%(n)d min") % {"n": minutes}
    return _("%(minutes)d min %(seconds)d s") % {"minutes": minutes, "seconds": rest}


@register.filter
def minutes(rows: Iterable[Dose | DoseFields]) -> int:
    """Estimate the whole minutes that some doses take together, one at least."""
    return max(1, round(sum(_dose(row).seconds() for row in rows) / MINUTE))


def _dose(dose: Dose | DoseFields) -> Dose:
    return dose.dose if isinstance(dose, DoseFields) else dose


def _amount(dose: Dose) -> str:
    match dose.measure:
        case Measure.REPS:
            one = f"{dose.reps}–{dose.reps_max}" if dose.reps_max else str(dose.reps)
            return _times(dose.sets, one, always=True)
        case Measure.HOLD if (dose.reps or 1) > 1:
            holds = _("%(n)d holds of %(seconds)s") % {"n": dose.reps, "seconds": duration(dose.hold_s)}
            return _times(dose.sets, holds)
        case Measure.HOLD:
            return _times(dose.sets, duration(dose.hold_s), always=True)
        case Measure.TIME:
            return _times(dose.sets, duration(dose.time_s))
        case Measure.DISTANCE:
            return _times(dose.sets, _distance(dose.distance_m or 0))
        case Measure.BREATHS:
            breaths = dose.breaths or 0
            return _times(dose.sets, ngettext("%(n)d breath", "%(n)d breaths", breaths) % {"n": breaths})


def _set_by_set(dose: Dose) -> str:
    numbers = ", ".join(map(str, dose.reps_pattern))
    if dose.measure == Measure.HOLD:
        return _("%(numbers)s holds of %(time)s") % {"numbers": numbers, "time": duration(dose.hold_s)}
    return _("%(numbers)s repetitions") % {"numbers": numbers}


def _times(sets: int, one: str, *, always: bool = False) -> str:
    return f"{sets} × {one}" if always or sets > 1 else one


def _distance(metres: int) -> str:
    if metres < KILOMETRE:
        return _("%(n)d m") % {"n": metres}
    return _("%(n)s km") % {"n": _number(Decimal(metres) / KILOMETRE)}


def _number(value: Decimal | None) -> str:
    return f"{(value or Decimal(0)).normalize():f}"


def _weekdays(days: Iterable[int]) -> str:
    return ", ".join(str(WEEKDAYS_ABBR[day]) for day in days)
