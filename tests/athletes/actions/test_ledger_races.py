"""Two at once in one ledger, on a database that lets them."""

from dataclasses import replace
from datetime import date, timedelta

from athletes.actions import athletes, ledger
from athletes.models import Athlete, DueSession, SessionLog
from clinic.scope import in_clinic
from tests.cast import NOW, make_cast
from tests.prescribing import begin, block, make_exercise, publish, weekdays
from tests.racing import AT_ONCE, behind
from tests.telling import log, prescribe

pytestmark = AT_ONCE
TUESDAY = date(2026, 11, 24)
DAY = timedelta(days=1)


def test_sweep_behind_an_unfinished_publication_writes_no_window_of_the_old_edition() -> None:
    cast = make_cast()
    with in_clinic(cast.riverside.pk):
        one = block(make_exercise("Bridge"))
        program = begin(cast.ana, by=cast.tess, now=NOW)
        publish(program, one, by=cast.tess, now=NOW, on=TUESDAY)
    changed = replace(one, schedule=weekdays(0))
    behind(
        lambda: publish(program, changed, by=cast.tess, now=NOW, on=TUESDAY + DAY) and None,
        lambda: ledger.extend(athletes=[Athlete.objects.get(pk=cast.ana.pk)], now=NOW + DAY) and None,
        cast.riverside.pk,
    )
    with in_clinic(cast.riverside.pk):
        days = sorted(DueSession.objects.values_list("from_on", flat=True))
        assert days == [TUESDAY, date(2026, 11, 30), date(2026, 12, 7)]


def test_sweep_behind_an_unfinished_pause_excuses_what_it_makes() -> None:
    cast = make_cast()
    with in_clinic(cast.riverside.pk):
        program = begin(cast.ana, by=cast.tess, now=NOW)
        publish(program, block(make_exercise("Bridge")), by=cast.tess, now=NOW, on=TUESDAY)
    behind(
        lambda: (
            athletes.pause(athlete=cast.ana, from_on=TUESDAY + DAY, until_on=None, reason="Ill", by=cast.tess, now=NOW)
            and None
        ),
        lambda: ledger.extend(athletes=[Athlete.objects.get(pk=cast.ana.pk)], now=NOW + DAY) and None,
        cast.riverside.pk,
    )
    with in_clinic(cast.riverside.pk):
        assert DueSession.objects.filter(from_on__gt=TUESDAY, state="due").count() == 0
        assert DueSession.objects.filter(state="excused").count() == 15


def test_log_behind_an_unfinished_publication_fills_the_window_of_the_new_edition() -> None:
    assert edition_filled(log_first=False) == 2


def test_publication_behind_an_unfinished_log_keeps_the_window_that_it_fills() -> None:
    assert edition_filled(log_first=True) == 1


def edition_filled(*, log_first: bool) -> int:
    """Log while a second edition is published; return the edition of the one window of that day, which is done."""
    cast = make_cast()
    with in_clinic(cast.riverside.pk):
        strength = prescribe(cast, now=NOW)
        program = strength.version.program
        later = block(make_exercise("Bridge"), lineage=strength.lineage)
    told = lambda: log(cast.ana, strength, now=NOW)  # noqa: E731
    published = lambda: publish(program, later, by=cast.tess, now=NOW, on=TUESDAY)  # noqa: E731
    behind(*((told, published) if log_first else (published, told)), cast.riverside.pk)
    with in_clinic(cast.riverside.pk):
        filled = SessionLog.objects.get().due
        assert (filled.from_on, filled.state) == (TUESDAY, "done")
        assert DueSession.objects.filter(from_on=TUESDAY).count() == 1
        return int(filled.block.version.number)


def test_pause_behind_an_unfinished_log_keeps_its_answer() -> None:
    cast = make_cast()
    with in_clinic(cast.riverside.pk):
        strength = prescribe(cast, now=NOW)
    behind(
        lambda: log(cast.ana, strength, now=NOW) and None,
        lambda: (
            athletes.pause(athlete=cast.ana, from_on=TUESDAY, until_on=None, reason="Ill", by=cast.tess, now=NOW)
            and None
        ),
        cast.riverside.pk,
    )
    with in_clinic(cast.riverside.pk):
        assert SessionLog.objects.get().due.state == "done"
        assert DueSession.objects.filter(from_on__gt=TUESDAY).exclude(state="excused").count() == 0
