"""What a runner told, page by page."""

from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from athletes.facts.history import PAGE, history
from athletes.models import Block, SessionLog
from tests.cast import Cast
from tests.telling import EACH_SIDE, log, morning, prescribe

TUESDAY = date(2026, 11, 24)
DAY = timedelta(days=1)


@pytest.fixture
def strength(riverside: Cast, now: datetime) -> Block:
    return prescribe(riverside, now=now, dose=EACH_SIDE)


def fill(cast: Cast, part: Block, now: datetime, days: int, *, mornings: bool = False) -> None:
    for n in range(days):
        log(cast.ana, part, now=now + n * DAY)
        if mornings:
            morning(cast.ana, n % 4, now=now + n * DAY)


def test_newest_day_is_first_and_reports_stand_in_their_day(riverside: Cast, strength: Block, now: datetime) -> None:
    fill(riverside, strength, now, 2, mornings=True)
    told = history(riverside.ana, page=1)
    assert [on for on, _ in told.days] == [TUESDAY + DAY, TUESDAY]
    assert sorted(bool(item.log) for item in told.days[0][1]) == [False, True]
    assert not told.has_more


def test_corrected_log_stays_readable(riverside: Cast, strength: Block, now: datetime) -> None:
    first = log(riverside.ana, strength, now=now, pain_during=4).log
    second = log(riverside.ana, strength, now=now + DAY, on=TUESDAY, pain_during=2, corrects=first.pk).log
    items = history(riverside.ana, page=1).days[0][1]
    assert [(item.log, item.corrected) for item in items] == [(second, False), (first, True)]
    assert items[1].log.pain_during == 4


def test_item_counts_and_names_what_was_not_done(riverside: Cast, strength: Block, now: datetime) -> None:
    log(riverside.ana, strength, now=now, done="partly", side_done="left")
    log(riverside.ana, strength, now=now + DAY, done="skipped", skipped_reason="too_painful")
    skipped, partly = (items[0] for _, items in history(riverside.ana, page=1).days)
    assert (partly.done, [did.side for did in partly.rest]) == (0, ["left only", "left only"])
    assert [did.why for did in skipped.rest] == ["too painful", "too painful"]


def test_every_log_and_report_is_on_one_page(riverside: Cast, strength: Block, now: datetime) -> None:
    days = 2 * PAGE + 5
    for n in range(days):
        morning(riverside.ana, 1, now=now + n * DAY)
        if n % 3:  # some days have a morning and no session
            log(riverside.ana, strength, now=now + n * DAY)
        if n % 10 == 1:
            log(riverside.ana, strength, now=now + n * DAY + timedelta(hours=1))
    seen, page = [], 1
    while True:
        told = history(riverside.ana, page=page)
        seen += [item for _, items in told.days for item in items]
        if not told.has_more:
            break
        page += 1
    logs, reports = [i.log.pk for i in seen if i.log], [i.report.pk for i in seen if i.report]
    assert page == 2
    assert len(logs) == len(set(logs)) == SessionLog.objects.count()
    assert len(reports) == len(set(reports)) == days


def test_page_costs_three_queries_whatever_is_on_it(riverside: Cast, strength: Block, now: datetime) -> None:
    counts: list[int] = []
    for begin, days in ((now, 1), (now + DAY, PAGE)):
        fill(riverside, strength, begin, days, mornings=True)
        with CaptureQueriesContext(connection) as queries:
            told = history(riverside.ana, page=1)
            [str(item.log.block) for _, items in told.days for item in items if item.log]
        counts.append(len(queries))
    assert counts == [3, 3]


def test_only_ones_own(riverside: Cast, strength: Block, now: datetime) -> None:
    log(riverside.ana, strength, now=now, client_id=uuid4())
    assert history(riverside.ben, page=1).days == []
