"""When a nudge goes out: once a local day, in allowed hours, never in a burst."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from athletes.rules.nudges import Decision, NudgeFacts, NudgePolicy, Slot, decide, nudge_slot
from tests.rules.zones import (
    DAY,
    NAMED_DAYS,
    NAMED_ZONES,
    calendar_days,
    clock_changes,
    places_and_days,
    real_days,
    wall,
    zones,
)

POLICY = NudgePolicy()
ON = date(2026, 11, 23)
SLOT = nudge_slot(closed_on=ON - DAY, zone="Europe/Berlin", policy=POLICY)
FACTS = NudgeFacts(now=SLOT.due_at, slot=SLOT)
HOUR = timedelta(hours=1)


@st.composite
def policies(draw: st.DrawFn) -> NudgePolicy:
    preferred = draw(st.times().map(lambda at: at.replace(microsecond=0)))
    opens, closes = sorted(draw(st.sets(st.integers(5, 23), min_size=2, max_size=2)))
    return NudgePolicy(preferred=preferred, quiet_until=time(opens), quiet_from=time(closes))


def check_slot(slot: Slot, closed_on: date, zone: str, policy: NudgePolicy) -> None:
    """Hold a slot against the wall clock: the next day that exists, all of it in allowed hours."""
    assert slot.on == real_days(closed_on + DAY, closed_on + 4 * DAY, zone)[0], (zone, closed_on)
    due, last = wall(slot.due_at, zone), wall(slot.expires_at - timedelta(microseconds=1), zone)
    assert slot.due_at < slot.expires_at
    assert due.date() == last.date() == slot.on, (zone, closed_on)
    assert policy.quiet_until <= due.time(), (zone, closed_on)
    assert due.time() <= last.time() < policy.quiet_from, (zone, closed_on)


# The slot


@pytest.mark.parametrize(
    ("preferred", "due", "expires"),
    [
        (time(10), time(10), time(21)),
        (time(8), time(8), time(20)),  # never 12 hours late
        (time(6, 30), time(8), time(20)),
        (time(0), time(8), time(20)),
        (time(18), time(18), time(21)),
        (time(20, 30), time(20, 30), time(21)),
        (time(20, 59), time(20, 30), time(21)),  # room for a mail server that makes us wait
        (time(23), time(20, 30), time(21)),
    ],
)
def test_preferred_time_is_moved_into_allowed_hours(preferred: time, due: time, expires: time) -> None:
    slot = nudge_slot(closed_on=ON - DAY, zone="Asia/Kathmandu", policy=replace(POLICY, preferred=preferred))
    assert slot.on == ON
    assert wall(slot.due_at, "Asia/Kathmandu") == datetime.combine(ON, due)
    assert wall(slot.expires_at, "Asia/Kathmandu") == datetime.combine(ON, expires)


def test_slot_is_utc() -> None:
    assert Slot(datetime(2026, 11, 23, 9, tzinfo=UTC), datetime(2026, 11, 23, 20, tzinfo=UTC), ON) == SLOT


def test_day_that_does_not_exist_gets_no_nudge() -> None:
    slot = nudge_slot(closed_on=date(2011, 12, 29), zone="Pacific/Apia", policy=POLICY)
    assert slot.on == date(2011, 12, 31)
    assert wall(slot.due_at, "Pacific/Apia") == datetime.combine(date(2011, 12, 31), time(10))


def test_hours_shorter_than_the_room_begin_with_the_hours() -> None:
    policy = NudgePolicy(preferred=time(12), quiet_until=time(9), quiet_from=time(9, 10))
    slot = nudge_slot(closed_on=ON - DAY, zone="UTC", policy=policy)
    assert (slot.due_at.time(), slot.expires_at.time()) == (time(9), time(9, 10))


@pytest.mark.parametrize(("until", "begins"), [(time(21), time(8)), (time(8), time(8))])
def test_hours_that_do_not_open_are_refused(until: time, begins: time) -> None:
    with pytest.raises(ValueError, match=r"datetime\.time"):
        NudgePolicy(quiet_until=until, quiet_from=begins)


@pytest.mark.parametrize("zone", NAMED_ZONES)
def test_every_day_of_two_years_has_one_nudge_and_they_follow_each_other(zone: str) -> None:
    slots = [nudge_slot(closed_on=date(2027, 1, 1) + n * DAY, zone=zone, policy=POLICY) for n in range(2 * 365)]
    for n, slot in enumerate(slots):
        check_slot(slot, date(2027, 1, 1) + n * DAY, zone, POLICY)
    assert all(a.on < b.on and a.expires_at < b.due_at for a, b in pairwise(slots))


def test_nudge_keeps_allowed_hours_on_every_clock_change_of_every_zone() -> None:
    changes = list(clock_changes(date(2026, 1, 1), date(2028, 1, 1)))
    assert len(changes) > 500, "the oracle found no clock changes: this test checks nothing"
    for zone, day in changes:
        for closed_on in (day - 2 * DAY, day - DAY, day):
            check_slot(nudge_slot(closed_on=closed_on, zone=zone, policy=POLICY), closed_on, zone, POLICY)


@pytest.mark.parametrize(("zone", "day"), NAMED_DAYS)
def test_nudge_keeps_allowed_hours_around_a_named_day(zone: str, day: date) -> None:
    for n in range(-3, 3):
        check_slot(nudge_slot(closed_on=day + n * DAY, zone=zone, policy=POLICY), day + n * DAY, zone, POLICY)


@given(places_and_days(), policies())
@settings(max_examples=80, deadline=None)
def test_no_nudge_in_quiet_hours(place: tuple[str, date], policy: NudgePolicy) -> None:
    zone, day = place
    check_slot(nudge_slot(closed_on=day, zone=zone, policy=policy), day, zone, policy)


@given(places_and_days(), st.integers(1, 40))
def test_one_slot_for_one_local_day(place: tuple[str, date], length: int) -> None:
    zone, start = place
    closed = real_days(start, start + length * DAY, zone)
    slots = [nudge_slot(closed_on=day, zone=zone, policy=POLICY) for day in closed]
    assert len({slot.on for slot in slots}) == len({slot.due_at for slot in slots}) == len(closed)


@given(calendar_days, policies(), st.integers(-500, 500))
def test_shifting_by_days_shifts_the_slot(day: date, policy: NudgePolicy, days: int) -> None:
    by = timedelta(days=days)
    here = nudge_slot(closed_on=day, zone="Asia/Kathmandu", policy=policy)
    there = nudge_slot(closed_on=day + by, zone="Asia/Kathmandu", policy=policy)
    assert there == Slot(here.due_at + by, here.expires_at + by, here.on + by)


# The decision


def test_unanswered_window_is_nudged() -> None:
    assert decide(FACTS, POLICY) == Decision(send=True, reason="unanswered_window")


CASES = (
    ("discharged", replace(FACTS, discharged=True)),
    ("on_hold", replace(FACTS, on_hold=True)),
    ("paused", replace(FACTS, paused=True)),
    ("opted_out", replace(FACTS, opted_out=True)),
    ("bounced", replace(FACTS, bounced=True)),
    ("alert_open", replace(FACTS, alert_open=True)),
    ("logged", replace(FACTS, logged=True)),
    ("too_late", replace(FACTS, now=SLOT.expires_at)),
    ("day_cap", replace(FACTS, nudged_on=(ON,))),
    ("week_cap", replace(FACTS, nudged_on=(ON - 2 * DAY, ON - 4 * DAY, ON - 6 * DAY))),
    ("too_soon", replace(FACTS, last_nudged_at=SLOT.due_at - 15 * HOUR)),
    ("ignored", replace(FACTS, unanswered_nudges=3)),
)


@pytest.mark.parametrize(("reason", "facts"), CASES)
def test_nudge_is_held_back(reason: str, facts: NudgeFacts) -> None:
    assert decide(facts, POLICY) == Decision(send=False, reason=reason)


@pytest.mark.parametrize(
    "facts",
    [
        replace(FACTS, now=SLOT.expires_at - timedelta(seconds=1)),
        replace(FACTS, now=SLOT.due_at - 10 * HOUR),  # decided ahead of time
        replace(FACTS, nudged_on=(ON - DAY, ON - 2 * DAY, ON - 7 * DAY)),
        replace(FACTS, nudged_on=(ON - 6 * DAY, ON - 3 * DAY, ON + DAY)),  # eight days, never three in seven
        replace(FACTS, last_nudged_at=SLOT.due_at - 16 * HOUR),
        replace(FACTS, last_nudged_at=SLOT.due_at - 23 * HOUR),  # the clocks went forward
        replace(FACTS, unanswered_nudges=2),
    ],
)
def test_nudge_just_within_the_policy_is_sent(facts: NudgeFacts) -> None:
    assert decide(facts, POLICY).send


def test_weightiest_reason_is_given() -> None:
    everything = NudgeFacts(
        now=SLOT.expires_at,
        slot=SLOT,
        logged=True,
        paused=True,
        on_hold=True,
        discharged=True,
        opted_out=True,
        bounced=True,
        alert_open=True,
        nudged_on=(ON,) * 3,
    )
    assert decide(everything, POLICY).reason == "discharged"
    assert decide(replace(everything, discharged=False), POLICY).reason == "on_hold"


def test_clinics_own_caps_are_followed() -> None:
    assert decide(replace(FACTS, nudged_on=(ON,)), replace(POLICY, per_day=2)).send
    assert decide(replace(FACTS, nudged_on=(ON - DAY,)), replace(POLICY, per_week=1)).reason == "week_cap"
    assert decide(FACTS, replace(POLICY, stop_after_unanswered=1)).send
    assert decide(replace(FACTS, unanswered_nudges=1), replace(POLICY, stop_after_unanswered=1)).reason == "ignored"


FORBIDDEN: tuple[Callable[[NudgeFacts], NudgeFacts], ...] = (
    lambda facts: replace(facts, logged=True),
    lambda facts: replace(facts, paused=True),
    lambda facts: replace(facts, on_hold=True),
    lambda facts: replace(facts, discharged=True),
    lambda facts: replace(facts, opted_out=True),
    lambda facts: replace(facts, bounced=True),
    lambda facts: replace(facts, alert_open=True),
)


@given(
    st.sampled_from(FORBIDDEN),
    st.lists(st.integers(0, 20).map(lambda n: ON - n * DAY), max_size=5),
    st.integers(0, 5),
    st.integers(-30, 30),
)
def test_no_fact_that_forbids_a_nudge_is_ever_outweighed(
    forbid: Callable[[NudgeFacts], NudgeFacts], nudged_on: Sequence[date], unanswered: int, hours: int
) -> None:
    facts = replace(FACTS, now=SLOT.due_at + hours * HOUR, nudged_on=nudged_on, unanswered_nudges=unanswered)
    assert not decide(forbid(facts), POLICY).send


def nudge_all(closed: Sequence[tuple[date, str, datetime]], policy: NudgePolicy) -> list[Slot]:
    """Decide about windows one after the other, as a sweep does, and return what goes out."""
    sent: list[Slot] = []
    for closed_on, zone, now in closed:
        facts = NudgeFacts(
            now=now,
            slot=nudge_slot(closed_on=closed_on, zone=zone, policy=policy),
            nudged_on=[slot.on for slot in sent],
            last_nudged_at=sent[-1].due_at if sent else None,
        )
        if decide(facts, policy).send:
            sent.append(facts.slot)
    return sent


@given(zones, calendar_days, st.permutations(range(24)))
@settings(max_examples=60, deadline=None)
def test_caps_hold_in_whatever_order_windows_are_swept(zone: str, day: date, order: list[int]) -> None:
    early = datetime(1999, 1, 1, tzinfo=UTC)
    sent = nudge_all([(day + n // 2 * DAY, zone, early) for n in order], POLICY)
    days = sorted(slot.on for slot in sent)
    assert len(days) == len(set(days))
    assert all((later - first).days >= 7 for first, later in zip(days, days[3:], strict=False))


@given(places_and_days(), st.integers(1, 40), st.integers(-9, 14))
@settings(max_examples=60, deadline=None)
def test_jump_of_the_clock_brings_no_burst(place: tuple[str, date], gap: int, hours: int) -> None:
    zone, start = place
    closed = real_days(start, start + gap * DAY, zone)
    newest = nudge_slot(closed_on=(closed or [start])[-1], zone=zone, policy=POLICY)
    now = newest.due_at + hours * HOUR
    sent = nudge_all([(day, zone, now) for day in closed], POLICY)
    assert sent == ([newest] if closed and now < newest.expires_at else [])


@given(st.lists(st.tuples(st.integers(0, 6), zones), min_size=2, max_size=8), calendar_days)
@settings(max_examples=80, deadline=None)
def test_flying_runner_has_sixteen_hours_between_nudges(stops: list[tuple[int, str]], day: date) -> None:
    early = datetime(1999, 1, 1, tzinfo=UTC)
    sent = nudge_all([(day + n * DAY, zone, early) for n, zone in sorted(stops)], POLICY)
    instants = sorted(slot.due_at for slot in sent)
    assert all(later - first >= 16 * HOUR for first, later in pairwise(instants))
