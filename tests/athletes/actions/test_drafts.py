"""One draft at a time, saved whole, published once and then fixed."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from django.db import transaction

from athletes.actions import drafts, programs
from athletes.actions.drafts import Seen
from athletes.facts.programs import difference, draft_of, in_force, latest, plan_of
from athletes.models import Athlete, Block, DueSession, Prescription, Program, ProgramVersion
from athletes.rules.plan import Plan, PlannedLine
from clinic.errors import ConflictError, DomainError, RefusedError
from clinic.models import AuditEvent
from exercises.errors import DoseError, ScheduleError
from exercises.kinds import Laterality, Side
from exercises.models import Exercise
from exercises.rules.schedule import Schedule
from tests.cast import Cast
from tests.prescribing import DAILY, TEN, begin, block, make_exercise, per_week, publish

TODAY = date(2026, 11, 24)
TOMORROW = date(2026, 11, 25)


@pytest.fixture
def bridge(riverside: Cast) -> Exercise:
    return make_exercise("Bridge")


@pytest.fixture
def program(riverside: Cast, now: datetime) -> Program:
    return begin(riverside.ana, by=riverside.tess, now=now)


def save(program: Program, plan: Plan, cast: Cast, now: datetime, seen: Seen | None = None) -> ProgramVersion:
    return drafts.save(program=program, plan=plan, seen=seen or drafts.seen_now(program), by=cast.tess, now=now)


def test_save_stores_the_whole_plan(riverside: Cast, program: Program, bridge: Exercise, now: datetime) -> None:
    dose = replace(TEN, sets=2, hold_s=3, rest_s=45, tempo="3-1-1-0")
    line = PlannedLine(exercise=bridge.pk, dose=dose, note="Slowly", in_bad_day_set=True)
    plan = Plan((replace(block(schedule=per_week(3)), lines=(line,)), block(bridge, title="Before")))
    saved = save(program, plan, riverside, now)
    assert plan_of(saved) == plan
    assert saved.revision == 1


def test_save_again_replaces_and_counts(riverside: Cast, program: Program, bridge: Exercise, now: datetime) -> None:
    save(program, Plan((block(bridge), block(bridge))), riverside, now)
    plan = Plan((block(bridge, dose=replace(TEN, reps=5)),))
    saved = save(program, plan, riverside, now)
    assert (plan_of(saved), saved.revision) == (plan, 2)
    assert Block.objects.count() == 1


def test_save_over_an_unseen_revision_conflicts_and_keeps_both(
    riverside: Cast, program: Program, bridge: Exercise, now: datetime
) -> None:
    seen = drafts.seen_now(program)
    theirs, ours = Plan((block(bridge, title="Theirs"),)), Plan((block(bridge, title="Ours"),))
    drafts.save(program=program, plan=theirs, seen=seen, by=riverside.theo, now=now)
    with pytest.raises(ConflictError) as caught:
        save(program, ours, riverside, now, seen)
    assert caught.value.code == "stale_draft"
    assert plan_of(draft_of(program)) == theirs
    assert plan_of(save(program, ours, riverside, now)) == ours  # after a look at theirs


def test_save_of_a_draft_that_was_published_meanwhile_conflicts(
    riverside: Cast, program: Program, bridge: Exercise, now: datetime
) -> None:
    seen = drafts.seen_now(program)
    publish(program, block(bridge), by=riverside.theo, now=now, on=TODAY)
    with pytest.raises(ConflictError):
        save(program, Plan((block(bridge, bridge),)), riverside, now, seen)
    assert draft_of(program) is None


def test_save_makes_the_draft_of_the_next_edition(
    riverside: Cast, program: Program, bridge: Exercise, now: datetime
) -> None:
    first = publish(program, block(bridge), by=riverside.tess, now=now, on=TODAY)
    plan = Plan((*plan_of(latest(program)).blocks, block(bridge, title="More")))
    saved = save(program, plan, riverside, now)
    assert (saved.number, saved.state, saved.revision) == (2, "draft", 1)
    assert plan_of(saved).blocks[0].lineage == first.blocks.get().lineage


def test_open_draft_copies_the_newest_edition_with_its_lineages(
    riverside: Cast, program: Program, bridge: Exercise, now: datetime
) -> None:
    publish(program, block(bridge, title="Now"), by=riverside.tess, now=now, on=TODAY)
    publish(program, block(bridge, title="Monday"), by=riverside.tess, now=now, on=TODAY + timedelta(days=6))
    draft = drafts.open_draft(program=program, by=riverside.tess, now=now)
    assert plan_of(draft_of(program)) == plan_of(latest(program))
    assert draft.number == 3
    assert drafts.open_draft(program=program, by=riverside.theo, now=now).pk == draft.pk


@pytest.mark.parametrize(
    ("change", "error", "code"),
    [
        ({"dose": replace(TEN, sets=11)}, DoseError, "out_of_range"),
        ({"dose": replace(TEN, reps=None)}, DoseError, "amount_missing"),
        ({"dose": replace(TEN, side=Side.LEFT)}, DoseError, "no_sides"),
        ({"schedule": Schedule()}, ScheduleError, "pattern_missing"),
        ({"title": "  "}, DomainError, "title_missing"),
    ],
)
def test_save_refuses_what_cannot_be_prescribed(
    riverside: Cast,
    program: Program,
    bridge: Exercise,
    now: datetime,
    change: dict[str, object],
    error: type[DomainError],
    code: str,
) -> None:
    with pytest.raises(error) as caught:
        save(program, Plan((block(bridge, **change),)), riverside, now)  # type: ignore[arg-type]
    assert caught.value.code == code
    assert draft_of(program).revision == 0


def test_save_refuses_a_sided_exercise_without_its_side(riverside: Cast, program: Program, now: datetime) -> None:
    plank = make_exercise("Side plank", Laterality.ONE_SIDE)
    with pytest.raises(DoseError) as caught:
        save(program, Plan((block(plank),)), riverside, now)
    assert caught.value.code == "side_missing"


def test_save_refuses_another_clinics_exercise(cast: Cast, program: Program, now: datetime, within: object) -> None:
    with within(cast.hilltop):  # type: ignore[operator]
        foreign = make_exercise("Plank")
    with pytest.raises(DomainError) as caught:
        save(program, Plan((block(foreign),)), cast, now)
    assert caught.value.code == "unknown_exercise"


def test_save_outside_the_care_team_is_refused(
    riverside: Cast, program: Program, bridge: Exercise, now: datetime
) -> None:
    with pytest.raises(RefusedError):
        drafts.save(
            program=program, plan=Plan((block(bridge),)), seen=drafts.seen_now(program), by=riverside.olive, now=now
        )
    assert draft_of(program).revision == 0


def test_save_after_the_program_ended_conflicts(
    riverside: Cast, program: Program, bridge: Exercise, now: datetime
) -> None:
    seen = drafts.seen_now(program)
    programs.end(program=program, outcome="improved", by=riverside.tess, now=now)
    with pytest.raises(ConflictError):
        save(program, Plan((block(bridge),)), riverside, now, seen)


def test_publish_fixes_the_edition_and_makes_its_windows(
    riverside: Cast, program: Program, bridge: Exercise, now: datetime
) -> None:
    version = publish(program, block(bridge), by=riverside.tess, now=now, on=TOMORROW, reason="")
    assert (version.state, version.number, version.effective_on) == ("published", 1, TOMORROW)
    assert (version.published_by, version.published_at) == (riverside.tess, now)
    assert DueSession.objects.order_by("from_on").first().from_on == TOMORROW
    assert DueSession.objects.count() == 14
    event = AuditEvent.objects.get(verb="program.published")
    assert event.subject_ids == [str(riverside.ana.pk)]
    assert event.detail == {"number": 1, "effective_on": "2026-11-25"}


@pytest.mark.parametrize(
    ("on", "reason", "code"),
    [
        (TODAY - timedelta(days=1), "Because", "effective_too_early"),
        (TODAY, "  ", "reason_missing"),
    ],
)
def test_publish_second_edition_needs_a_day_to_come_and_a_reason(
    riverside: Cast, program: Program, bridge: Exercise, now: datetime, on: date, reason: str, code: str
) -> None:
    publish(program, block(bridge), by=riverside.tess, now=now, on=TODAY, reason="")
    with pytest.raises(DomainError) as caught:
        publish(program, block(bridge, bridge), by=riverside.tess, now=now, on=on, reason=reason)
    assert caught.value.code == code
    assert latest(program).number == 1


def test_publish_counts_days_where_the_runner_is(riverside: Cast, program: Program, bridge: Exercise) -> None:
    Athlete.objects.filter(pk=riverside.ana.pk).update(time_zone="Pacific/Auckland")
    program = Program.objects.get(pk=program.pk)
    evening = datetime.fromisoformat("2026-11-24T20:00+00:00")  # already Wednesday there
    with pytest.raises(DomainError) as caught:
        publish(program, block(bridge), by=riverside.tess, now=evening, on=TODAY)
    assert caught.value.code == "effective_too_early"


def test_publish_nothing_is_refused(riverside: Cast, program: Program, bridge: Exercise, now: datetime) -> None:
    with pytest.raises(DomainError) as caught:
        publish(program, by=riverside.tess, now=now, on=TODAY)
    assert caught.value.code == "nothing_to_publish"
    with pytest.raises(DomainError) as caught:
        publish(program, block(bridge), block(), by=riverside.tess, now=now, on=TODAY)
    assert caught.value.code == "block_empty"


def test_publish_the_same_again_is_refused_unless_it_begins_earlier(
    riverside: Cast, program: Program, bridge: Exercise, now: datetime
) -> None:
    one = block(bridge)
    publish(program, one, by=riverside.tess, now=now, on=TODAY + timedelta(days=10))
    with pytest.raises(DomainError) as caught:
        publish(program, one, by=riverside.tess, now=now, on=TODAY + timedelta(days=10))
    assert caught.value.code == "nothing_changed"
    sooner = publish(program, one, by=riverside.tess, now=now, on=TODAY)
    assert in_force(program, TODAY) == sooner


def test_publish_for_a_discharged_runner_is_refused(
    riverside: Cast, program: Program, bridge: Exercise, now: datetime
) -> None:
    program.athlete.state = Athlete.State.DISCHARGED
    with pytest.raises(DomainError) as caught:
        publish(program, block(bridge), by=riverside.tess, now=now, on=TODAY)
    assert caught.value.code == "discharged"


def test_in_force_keeps_the_past_when_an_edition_follows(
    riverside: Cast, program: Program, bridge: Exercise, now: datetime
) -> None:
    one = block(bridge)
    first = publish(program, one, by=riverside.tess, now=now, on=TODAY)
    later = now + timedelta(days=5)
    second = publish(
        program, replace(one, schedule=per_week(3)), by=riverside.tess, now=later, on=TODAY + timedelta(days=7)
    )
    assert in_force(program, TODAY - timedelta(days=1)) is None
    assert in_force(program, TODAY + timedelta(days=6)) == first
    assert in_force(program, TODAY + timedelta(days=7)) == second
    (change,) = difference(in_force(program, TODAY), latest(program)).blocks
    assert change.schedule == (DAILY, per_week(3))


def test_discard_goes_back_to_the_edition_before(
    riverside: Cast, program: Program, bridge: Exercise, now: datetime
) -> None:
    publish(program, block(bridge), by=riverside.tess, now=now, on=TODAY)
    save(program, Plan((block(bridge, bridge),)), riverside, now)
    drafts.discard(program=program, seen=drafts.seen_now(program), by=riverside.tess, now=now)
    assert draft_of(program) is None
    assert drafts.seen_now(program) == Seen(2, 0)


def test_discard_the_only_draft_takes_the_program_along(riverside: Cast, program: Program, now: datetime) -> None:
    drafts.discard(program=program, seen=drafts.seen_now(program), by=riverside.tess, now=now)
    assert not Program.objects.filter(pk=program.pk).exists()


def test_discard_what_someone_else_changed_conflicts(
    riverside: Cast, program: Program, bridge: Exercise, now: datetime
) -> None:
    seen = drafts.seen_now(program)
    save(program, Plan((block(bridge),)), riverside, now)
    with pytest.raises(ConflictError):
        drafts.discard(program=program, seen=seen, by=riverside.tess, now=now)
    assert draft_of(program).revision == 1


def edition(riverside: Cast, program: Program, bridge: Exercise, now: datetime) -> ProgramVersion:
    publish(program, block(bridge), by=riverside.tess, now=now, on=TODAY)
    version = latest(program)
    assert version is not None
    return version


def test_published_edition_never_changes(riverside: Cast, program: Program, bridge: Exercise, now: datetime) -> None:
    version = edition(riverside, program, bridge, now)
    part, line = Block.objects.get(), Prescription.objects.get()
    before = (plan_of(version), version.effective_on, version.reason)
    attempts = [
        part.save,
        line.save,
        version.save,
        part.delete,
        line.delete,
        version.delete,
        lambda: Block.objects.update(title="Other"),
        lambda: Prescription.objects.update(sets=9),
        lambda: ProgramVersion.objects.update(effective_on=TOMORROW),
        lambda: ProgramVersion.objects.filter(pk=version.pk).update(state="draft"),
        lambda: Block.objects.all().delete(),
        lambda: Prescription.objects.all().delete(),
        lambda: ProgramVersion.objects.all().delete(),
        lambda: Block.objects.bulk_update([part], ["title"]),
        lambda: Prescription.objects.bulk_update([line], ["sets"]),
        lambda: Block.objects.bulk_create([Block(version=version, title="More", pattern="daily")]),
        lambda: Prescription.objects.bulk_create([Prescription(block=part, exercise=bridge, measure="reps", reps=1)]),
        lambda: Block(version=version, title="More", pattern="daily").save(),
        lambda: version.blocks.create(title="More", pattern="daily"),
    ]
    part.title, line.sets, version.state = "Other", 9, ProgramVersion.State.DRAFT
    part.version.refresh_from_db()
    for attempt in attempts:
        with pytest.raises(TypeError, match="never changes"), transaction.atomic():
            attempt()
    fresh = latest(program)
    assert (plan_of(fresh), fresh.effective_on, fresh.reason) == before
