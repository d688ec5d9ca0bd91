"""Programs are begun from a protocol or from nothing, and ended with an outcome."""

from datetime import date, datetime, timedelta

import pytest

from athletes.actions import programs
from athletes.facts.programs import plan_of
from athletes.models import DueSession, Program, ProgramVersion
from clinic.errors import ConflictError, DomainError, RefusedError
from clinic.models import AuditEvent, Message
from exercises.actions.catalogue import adopt
from exercises.models import Protocol
from tests.cast import Cast
from tests.prescribing import begin, block, make_exercise, publish

TODAY = date(2026, 11, 24)


def test_start_from_protocol_copies_its_first_phase(riverside: Cast, now: datetime) -> None:
    adopt(clinic=riverside.riverside, by=None, now=now)
    protocol = Protocol.objects.order_by("name").first()
    draft = programs.start(athlete=riverside.ana, title="", protocol=protocol, by=riverside.tess, now=now)
    first = protocol.phases.first()
    copied = [
        (
            block.title,
            block.schedule,
            [(i.exercise_id, i.dose, i.note, i.in_bad_day_set) for i in block.prescriptions.all()],
        )
        for block in draft.blocks.all()
    ]
    original = [
        (block.title, block.schedule, [(i.exercise_id, i.dose, i.note, i.in_bad_day_set) for i in block.items.all()])
        for block in first.blocks.all()
    ]
    assert copied == original
    assert copied
    assert (draft.program.title, draft.protocol_code, draft.state) == (protocol.name, protocol.code, "draft")
    assert not DueSession.objects.exists()


def test_start_empty_has_no_blocks(riverside: Cast, now: datetime) -> None:
    draft = programs.start(athlete=riverside.ana, title=" Calf ", protocol=None, by=riverside.tess, now=now)
    assert (draft.program.title, draft.number, plan_of(draft).blocks) == ("Calf", 1, ())


def test_start_second_program_is_drawn_after_the_first(riverside: Cast, now: datetime) -> None:
    begin(riverside.ana, by=riverside.tess, now=now, title="Back")
    assert begin(riverside.ana, by=riverside.tess, now=now, title="Calf").priority == 2


def test_start_without_a_title_is_refused(riverside: Cast, now: datetime) -> None:
    with pytest.raises(DomainError) as caught:
        programs.start(athlete=riverside.ana, title="  ", protocol=None, by=riverside.tess, now=now)
    assert (caught.value.code, caught.value.field) == ("title_missing", "title")


def test_start_outside_the_care_team_is_refused(riverside: Cast, now: datetime) -> None:
    with pytest.raises(RefusedError):
        programs.start(athlete=riverside.ana, title="Back", protocol=None, by=riverside.olive, now=now)
    assert not Program.objects.exists()


def test_end_keeps_what_was_done_and_drops_what_was_to_come(riverside: Cast, now: datetime) -> None:
    bridge = make_exercise("Bridge")
    program = begin(riverside.ana, by=riverside.tess, now=now)
    publish(program, block(bridge), by=riverside.tess, now=now, on=TODAY)
    done = DueSession.objects.get(from_on=TODAY)
    DueSession.objects.filter(pk=done.pk).update(state="done")
    later = now + timedelta(days=1)
    ended = programs.end(program=program, outcome="goal_met", by=riverside.tess, now=later)
    assert (ended.state, ended.outcome, ended.ended_on) == ("ended", "goal_met", date(2026, 11, 25))
    assert list(DueSession.objects.values_list("pk", "state")) == [(done.pk, "done")]
    assert AuditEvent.objects.filter(verb="program.ended", object_id=str(program.pk)).count() == 1


def test_end_throws_the_draft_away(riverside: Cast, now: datetime) -> None:
    program = begin(riverside.ana, by=riverside.tess, now=now)
    programs.end(program=program, outcome="stopped", by=riverside.tess, now=now)
    assert not ProgramVersion.objects.filter(program=program).exists()


def test_end_twice_conflicts_and_keeps_the_first_outcome(riverside: Cast, now: datetime) -> None:
    program = begin(riverside.ana, by=riverside.tess, now=now)
    programs.end(program=program, outcome="improved", by=riverside.tess, now=now)
    with pytest.raises(ConflictError) as caught:
        programs.end(program=program, outcome="worse", by=riverside.tess, now=now)
    program.refresh_from_db()
    assert (caught.value.code, program.outcome) == ("not_open", "improved")


@pytest.mark.parametrize("outcome", ["", "cured"])
def test_end_without_a_known_outcome_is_refused(riverside: Cast, now: datetime, outcome: str) -> None:
    program = begin(riverside.ana, by=riverside.tess, now=now)
    with pytest.raises(DomainError) as caught:
        programs.end(program=program, outcome=outcome, by=riverside.tess, now=now)
    assert caught.value.code == "outcome_missing"


def test_end_outside_the_care_team_is_refused(riverside: Cast, now: datetime) -> None:
    program = begin(riverside.ana, by=riverside.tess, now=now)
    with pytest.raises(RefusedError):
        programs.end(program=program, outcome="improved", by=riverside.olive, now=now)
    program.refresh_from_db()
    assert program.state == "active"


@pytest.mark.parametrize(("others", "state"), [(0, "skipped"), (1, "due")])
def test_end_takes_nudges_back_with_the_last_program(riverside: Cast, now: datetime, others: int, state: str) -> None:
    program = begin(riverside.ana, by=riverside.tess, now=now)
    for n in range(others):
        begin(riverside.ana, by=riverside.tess, now=now, title=f"Other {n}")
    Message.objects.create(
        kind="nudge",
        key="n",
        recipient=riverside.ana.member,
        path="/",
        delivery="at_most_once",
        due_at=now,
        created_at=now,
    )
    programs.end(program=program, outcome="improved", by=riverside.tess, now=now)
    assert Message.objects.get(key="n").state == state
