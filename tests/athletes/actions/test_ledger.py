"""The ledger of what is due: every window exactly once, whatever changes and however often it is asked."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from athletes.actions import athletes, ledger
from athletes.models import Athlete, DueSession, Program
from athletes.rules.windows import truncate, windows
from exercises.models import Exercise
from exercises.rules.schedule import Schedule
from tests.cast import Cast, make_athlete
from tests.prescribing import BEFORE_RUN, DAILY, IF_STIFF, TEN, begin, block, make_exercise, per_week, publish, weekdays

TUESDAY = date(2026, 11, 24)
DAY = timedelta(days=1)
OPEN = ("due", "excused")


@pytest.fixture
def bridge(riverside: Cast) -> Exercise:
    return make_exercise("Bridge")


@pytest.fixture
def program(riverside: Cast, now: datetime) -> Program:
    riverside.ana.care_ties.update(from_on=TUESDAY - 7 * DAY)
    return begin(riverside.ana, by=riverside.tess, now=now)


def spans(**where: Any) -> list[tuple[str, str, str]]:
    rows = DueSession.objects.filter(**where).order_by("from_on", "slot")
    return [(f"{row.from_on:%a%d}", f"{row.until_on:%a%d}", row.state) for row in rows]


def at(on: date, hour: int = 12) -> datetime:
    return datetime(on.year, on.month, on.day, hour, tzinfo=UTC)


def test_extend_makes_fourteen_days_after_today(
    riverside: Cast, program: Program, bridge: Exercise, now: datetime
) -> None:
    publish(program, block(bridge), by=riverside.tess, now=now, on=TUESDAY)
    assert [row.from_on for row in DueSession.objects.order_by("from_on")] == [TUESDAY + n * DAY for n in range(15)]


def test_extend_twice_adds_nothing_and_the_next_day_adds_one(
    riverside: Cast, program: Program, bridge: Exercise, now: datetime
) -> None:
    publish(program, block(bridge), by=riverside.tess, now=now, on=TUESDAY)
    assert ledger.extend(athletes=[riverside.ana], now=now) == 0
    assert ledger.extend(athletes=[riverside.ana], now=now + DAY) == 1
    assert ledger.extend(athletes=[riverside.ana], now=now + DAY) == 0


def test_extend_makes_nothing_for_blocks_that_wait(
    riverside: Cast, program: Program, bridge: Exercise, now: datetime
) -> None:
    blocks = (block(bridge, schedule=BEFORE_RUN), block(bridge, schedule=IF_STIFF))
    publish(program, *blocks, by=riverside.tess, now=now, on=TUESDAY)
    assert not DueSession.objects.exists()


def test_extend_makes_nothing_for_the_discharged(
    riverside: Cast, program: Program, bridge: Exercise, now: datetime
) -> None:
    publish(program, block(bridge), by=riverside.tess, now=now, on=TUESDAY)
    athletes.discharge(athlete=riverside.ana, reason="Well", by=riverside.tess, now=now)
    assert ledger.extend(athletes=[riverside.ana], now=now + DAY) == 0
    assert not DueSession.objects.exists()


def test_extend_does_not_invent_days_that_nobody_was_asked_for(
    riverside: Cast, program: Program, bridge: Exercise, now: datetime
) -> None:
    publish(program, block(bridge), by=riverside.tess, now=now, on=TUESDAY)
    ledger.extend(athletes=[riverside.ana], now=now + 30 * DAY)
    assert not DueSession.objects.filter(from_on__gt=TUESDAY + 14 * DAY, from_on__lt=TUESDAY + 30 * DAY).exists()


def test_extend_asks_as_many_queries_for_thirty_athletes_as_for_one(
    riverside: Cast, bridge: Exercise, now: datetime
) -> None:
    team = [
        make_athlete(f"Runner{n} X", by=riverside.tess, clinic_slug="riverside", with_user=False) for n in range(30)
    ]
    for athlete in team:
        publish(begin(athlete, by=riverside.tess, now=now), block(bridge), by=riverside.tess, now=now, on=TUESDAY)
    counts = []
    for group in (team[:1], team[1:]):
        with CaptureQueriesContext(connection) as queries:
            ledger.extend(athletes=group, now=now + DAY)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_rebuild_after_a_changed_dose_leaves_the_open_window_whole(
    riverside: Cast, program: Program, bridge: Exercise, now: datetime
) -> None:
    one = block(bridge, schedule=per_week(2))  # Mon-Wed, Thu-Sun
    publish(program, one, by=riverside.tess, now=at(date(2026, 11, 23)), on=date(2026, 11, 23))
    publish(program, replace(one, title="Softer"), by=riverside.tess, now=now, on=TUESDAY)
    assert spans()[:3] == [("Mon23", "Wed25", "due"), ("Thu26", "Sun29", "due"), ("Mon30", "Wed02", "due")]


def test_rebuild_cuts_an_open_window_where_another_schedule_begins(
    riverside: Cast, program: Program, bridge: Exercise, now: datetime
) -> None:
    one = block(bridge, schedule=per_week(2))
    publish(program, one, by=riverside.tess, now=at(date(2026, 11, 23)), on=date(2026, 11, 23))
    wednesday = TUESDAY + DAY
    publish(program, replace(one, schedule=DAILY), by=riverside.tess, now=now, on=wednesday)
    assert spans()[:3] == [("Mon23", "Tue24", "due"), ("Wed25", "Wed25", "due"), ("Thu26", "Thu26", "due")]
    first = DueSession.objects.order_by("from_on").first()
    assert first.closes_at == datetime(2026, 11, 25, tzinfo=ZoneInfo("Europe/Lisbon"))


def test_rebuild_excuses_a_window_whose_last_days_went_today(
    riverside: Cast, program: Program, bridge: Exercise, now: datetime
) -> None:
    one = block(bridge, schedule=per_week(2))
    publish(program, one, by=riverside.tess, now=at(date(2026, 11, 23)), on=date(2026, 11, 23))
    publish(program, replace(one, schedule=DAILY), by=riverside.tess, now=now, on=TUESDAY)
    assert spans()[:2] == [("Mon23", "Mon23", "excused"), ("Tue24", "Tue24", "due")]
    assert ledger.close(now=now) == []


def test_rebuild_takes_away_a_block_that_was_dropped(
    riverside: Cast, program: Program, bridge: Exercise, now: datetime
) -> None:
    keep, drop = block(bridge), block(bridge, title="Gone")
    publish(program, keep, drop, by=riverside.tess, now=now, on=TUESDAY)
    publish(program, keep, by=riverside.tess, now=now, on=TUESDAY + 2 * DAY)
    gone = DueSession.objects.filter(block__lineage=drop.lineage)
    assert sorted(row.from_on for row in gone) == [TUESDAY, TUESDAY + DAY]
    assert DueSession.objects.filter(block__lineage=keep.lineage).count() == 15


def test_rebuild_keeps_what_was_answered_today_and_does_not_ask_again(
    riverside: Cast, program: Program, bridge: Exercise, now: datetime
) -> None:
    one = block(bridge)
    publish(program, one, by=riverside.tess, now=now, on=TUESDAY)
    DueSession.objects.filter(pk=DueSession.objects.get(from_on=TUESDAY).pk).update(state="partly")
    publish(program, replace(one, title="Softer"), by=riverside.tess, now=now, on=TUESDAY)
    assert spans(from_on=TUESDAY) == [("Tue24", "Tue24", "partly")]


def test_rebuild_for_an_edition_that_replaces_one_to_come(
    riverside: Cast, program: Program, bridge: Exercise, now: datetime
) -> None:
    one = block(bridge)
    publish(program, one, by=riverside.tess, now=now, on=TUESDAY)
    publish(program, replace(one, schedule=weekdays(0)), by=riverside.tess, now=now, on=TUESDAY + 6 * DAY)
    publish(program, replace(one, schedule=weekdays(3)), by=riverside.tess, now=now, on=TUESDAY + 2 * DAY)
    assert [row[0] for row in spans()] == ["Tue24", "Wed25", "Thu26", "Thu03"]


def test_rebuild_leaves_other_programs_alone(
    riverside: Cast, program: Program, bridge: Exercise, now: datetime
) -> None:
    other = begin(riverside.ana, by=riverside.tess, now=now, title="Calf")
    publish(other, block(bridge), by=riverside.tess, now=now, on=TUESDAY)
    before = set(DueSession.objects.values_list("pk", flat=True))
    publish(program, block(bridge), by=riverside.tess, now=now, on=TUESDAY)
    assert before <= set(DueSession.objects.values_list("pk", flat=True))
    assert DueSession.objects.count() == 30


def test_pause_excuses_windows_wholly_inside_it(
    riverside: Cast, program: Program, bridge: Exercise, now: datetime
) -> None:
    publish(program, block(bridge, schedule=per_week(2)), by=riverside.tess, now=now, on=date(2026, 11, 26))
    athletes.pause(
        athlete=riverside.ana,
        from_on=date(2026, 11, 27),
        until_on=date(2026, 12, 2),
        reason="Race",
        by=riverside.tess,
        now=now,
    )
    assert spans()[:3] == [("Thu26", "Sun29", "due"), ("Mon30", "Wed02", "excused"), ("Thu03", "Sun06", "due")]
    athletes.end_pauses(athlete=riverside.ana, by=riverside.tess, now=at(date(2026, 12, 1)))
    assert ("Mon30", "Wed02", "due") in spans()


def test_pause_without_an_end_excuses_what_is_made_later(
    riverside: Cast, program: Program, bridge: Exercise, now: datetime
) -> None:
    publish(program, block(bridge), by=riverside.tess, now=now, on=TUESDAY)
    athletes.pause(
        athlete=riverside.ana, from_on=TUESDAY + DAY, until_on=None, reason="Ill", by=riverside.tess, now=now
    )
    ledger.extend(athletes=[riverside.ana], now=now + DAY)
    assert DueSession.objects.filter(state="excused").count() == 15


def test_close_says_unanswered_once(riverside: Cast, program: Program, bridge: Exercise, now: datetime) -> None:
    publish(program, block(bridge), by=riverside.tess, now=now, on=TUESDAY)
    midnight = datetime(2026, 11, 25, tzinfo=ZoneInfo("Europe/Lisbon"))
    assert ledger.close(now=midnight - timedelta(seconds=1)) == []
    assert [row.from_on for row in ledger.close(now=midnight)] == [TUESDAY]
    assert ledger.close(now=midnight) == []
    assert DueSession.objects.get(from_on=TUESDAY).state == "unanswered"


def test_close_excuses_the_runner_on_hold(riverside: Cast, program: Program, bridge: Exercise, now: datetime) -> None:
    publish(program, block(bridge), by=riverside.tess, now=now, on=TUESDAY)
    athletes.hold(athlete=riverside.ana, reason="Numb leg", by=riverside.tess, now=now)
    assert ledger.close(now=now + DAY) == []
    assert DueSession.objects.get(from_on=TUESDAY).state == "excused"


# ---- Properties: a runner's story against an oracle that looks at one day after the other.

ZONES = ("Europe/Lisbon", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Apia", "Africa/Cairo")
SCHEDULES = st.one_of(
    st.just(DAILY),
    st.just(replace(DAILY, times_per_day=2)),
    st.integers(1, 7).map(per_week),
    st.sets(st.integers(0, 6), min_size=1).map(lambda days: weekdays(*sorted(days))),
    st.just(BEFORE_RUN),
)
PLANS = st.dictionaries(st.integers(0, 1), SCHEDULES, min_size=1)  # by lineage
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("publish"), PLANS, st.integers(0, 20)),
        st.tuples(st.just("again"), st.integers(0, 9)),
        st.tuples(st.just("wait"), st.integers(1, 9)),
        st.tuples(st.just("extend")),
        st.tuples(st.just("answer"), st.integers(0, 3)),
        st.tuples(st.just("pause"), st.integers(0, 10), st.integers(0, 12)),
        st.tuples(st.just("resume")),
    ),
    min_size=2,
    max_size=9,
)
STARTS = st.dates(date(2026, 2, 20), date(2026, 11, 20))


@dataclass
class Story:
    """One runner, one program, what was published when, and what the clock says."""

    cast: Cast
    bridge: Exercise
    program: Program
    athlete: Athlete
    today: date
    editions: list[tuple[date, dict[int, Schedule]]] = field(default_factory=list)
    published: int = 0

    @property
    def now(self) -> datetime:
        return datetime(self.today.year, self.today.month, self.today.day, 12, tzinfo=ZoneInfo(self.athlete.time_zone))

    def lineage(self, n: int) -> Any:
        return self.program.pk.__class__(int=n + 1)

    def in_force(self, on: date) -> dict[int, Schedule]:
        found: dict[int, Schedule] = {}
        for begins, plan in self.editions:
            if begins <= on:
                found = plan
        return found

    def expected(self, first: date, last: date) -> dict[tuple[Any, date, int], date]:
        """Every window that begins in these days, with its last day: the edition of each day, asked for that day."""
        found = {}
        for offset in range((last - first).days + 1):
            on = first + offset * DAY
            for n, schedule in self.in_force(on).items():
                for window in windows(schedule, starts_on=on, ends_on=on + DAY, zone=self.athlete.time_zone):
                    end = next(
                        (
                            day
                            for k in range(1, (window.until_on - on).days + 1)
                            if self.in_force(day := on + k * DAY).get(n) != schedule
                        ),
                        None,
                    )
                    cut = truncate(window, before=end, zone=self.athlete.time_zone) if end else window
                    found[self.lineage(n), on, window.slot] = cut.until_on
        return found

    def play(self, step: tuple[Any, ...]) -> None:
        getattr(self, step[0])(*step[1:])

    def publish(self, plan: dict[int, Schedule], ahead: int) -> None:
        on = self.today + ahead * DAY
        self.published += 1  # another dose each time: an edition that changes nothing is refused
        blocks = [
            block(self.bridge, schedule=schedule, lineage=self.lineage(n), dose=replace(TEN, reps=self.published))
            for n, schedule in plan.items()
        ]
        publish(self.program, *blocks, by=self.cast.tess, now=self.now, on=on)
        self.editions = [(begins, old) for begins, old in self.editions if begins < on]
        self.editions.append((on, plan))

    def again(self, ahead: int) -> None:
        """Publish the newest schedules with another dose."""
        self.publish(self.editions[-1][1], ahead)

    def wait(self, days: int) -> None:
        """Let days pass; each day's sweep closes what ended in silence and extends."""
        for _ in range(days):
            self.today += DAY
            ledger.close(now=self.now)
            self.extend()

    def extend(self) -> None:
        ledger.extend(athletes=[self.athlete], now=self.now)

    def answer(self, nth: int) -> None:
        rows = DueSession.objects.filter(state="due", from_on__lte=self.today, until_on__gte=self.today)
        for row in rows.order_by("from_on", "slot")[nth : nth + 1]:
            DueSession.objects.filter(pk=row.pk).update(state="done")

    def pause(self, ahead: int, length: int) -> None:
        from_on = self.today + ahead * DAY
        athletes.pause(
            athlete=self.athlete,
            from_on=from_on,
            until_on=from_on + length * DAY,
            reason="Away",
            by=self.cast.tess,
            now=self.now,
        )

    def resume(self) -> None:
        athletes.end_pauses(athlete=self.athlete, by=self.cast.tess, now=self.now)

    def away(self, on: date) -> bool:
        return any(p.from_on <= on and (p.until_on is None or on <= p.until_on) for p in self.athlete.pauses.all())

    def rows(self) -> list[DueSession]:
        return list(DueSession.objects.filter(athlete=self.athlete).select_related("block"))


@contextmanager
def story(cast: Cast, zone: str, today: date) -> Iterator[Story]:
    """Begin a story on a day, and forget it afterwards."""
    with transaction.atomic():
        Athlete.objects.filter(pk=cast.ana.pk).update(time_zone=zone)
        athlete = Athlete.objects.get(pk=cast.ana.pk)
        start = at(today)
        athlete.care_ties.update(from_on=today - 5 * DAY)
        yield Story(cast, make_exercise("Bridge"), begin(athlete, by=cast.tess, now=start), athlete, today)
        transaction.set_rollback(True)


def key(row: DueSession) -> tuple[Any, date, int]:
    return row.block.lineage, row.from_on, row.slot


PROPERTY = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@PROPERTY
@given(zone=st.sampled_from(ZONES), today=STARTS, first=PLANS, steps=STEPS)
def test_every_due_window_exactly_once(
    riverside: Cast, zone: str, today: date, first: dict[int, Schedule], steps: list[tuple[Any, ...]]
) -> None:
    with story(riverside, zone, today) as told:
        told.publish(first, 0)
        past: dict[Any, tuple[str, date]] = {}
        for step in steps:
            told.play(step)
            rows = told.rows()
            assert len({key(row) for row in rows}) == len(rows)
            settled = {row.pk: (row.state, row.until_on) for row in rows if row.state not in OPEN}
            assert past.items() <= settled.items()  # what was answered, or was silence, never moves
            past = settled
        told.extend()
        rows = told.rows()
        answered = {key(row) for row in rows if row.state not in OPEN}
        ahead = {key(row): row for row in rows if row.from_on >= told.today and row.state in OPEN}
        expected = told.expected(told.today - 6 * DAY, told.today + 14 * DAY)
        assert ahead.keys() == {it for it in expected if it[1] >= told.today} - answered
        began = [row for row in rows if row.from_on < told.today <= row.until_on and row.state in OPEN]
        assert all(row.until_on == expected[key(row)] for row in began)
        for it, row in ahead.items():
            assert row.until_on == expected[it]
            days = [row.from_on + n * DAY for n in range((row.until_on - row.from_on).days + 1)]
            assert (row.state == "excused") == all(map(told.away, days))


@PROPERTY
@given(zone=st.sampled_from(ZONES), today=STARTS, first=PLANS, steps=STEPS)
def test_windows_of_a_block_never_overlap(
    riverside: Cast, zone: str, today: date, first: dict[int, Schedule], steps: list[tuple[Any, ...]]
) -> None:
    with story(riverside, zone, today) as told:
        told.publish(first, 0)
        for step in steps:
            told.play(step)
        unsaid = sorted(
            (row for row in told.rows() if row.state not in {"done", "missed"}), key=lambda row: row.from_on
        )
        by_slot: dict[Any, list[DueSession]] = {}
        for row in unsaid:
            by_slot.setdefault((row.block.lineage, row.slot), []).append(row)
        for rows in by_slot.values():
            for before, after in pairwise(rows):
                assert before.until_on < after.from_on
                assert before.closes_at <= after.opens_at


@PROPERTY
@given(zone=st.sampled_from(ZONES), today=STARTS, first=PLANS, pauses=st.lists(st.integers(1, 9), max_size=6))
def test_however_often_it_is_extended_the_ledger_is_the_same(
    riverside: Cast, zone: str, today: date, first: dict[int, Schedule], pauses: list[int]
) -> None:
    """Sweeps at odd moments, some days apart, make what a sweep every day makes."""
    with story(riverside, zone, today) as told:
        told.publish(first, 0)
        for days in pauses:
            told.today += days * DAY
            told.extend()
            told.extend()
        rows = told.rows()
        expected = told.expected(today, told.today + 14 * DAY)
        assert {key(row): row.until_on for row in rows} == expected
        assert len(rows) == len(expected)
