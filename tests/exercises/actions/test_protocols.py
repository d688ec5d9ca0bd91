"""A clinic's own protocols: every state is kept, and no program changes with them."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from clinic.errors import ConflictError, DomainError
from clinic.models import AuditEvent
from exercises.actions import catalogue, exercises, protocols, retiring
from exercises.errors import ContentError
from exercises.kinds import Gauge, Laterality, Measure, Operator, Origin, Pattern, Proof, Side
from exercises.models import Exercise, Protocol, ProtocolBlock, ProtocolItem
from exercises.queries.content import exercise_content, protocol_content
from exercises.rules.content import BlockContent, ItemContent, PhaseContent, ProtocolContent
from exercises.rules.content_json import protocol_from, protocol_json
from exercises.rules.criteria import Criterion
from exercises.rules.dose import Dose
from exercises.rules.schedule import Schedule
from tests.cast import Cast
from tests.prescribing import make_exercise

TEN = Dose(measure=Measure.REPS, sets=3, reps=10)
GATE = Criterion(
    kind=Proof.LOGGED, what=Gauge.HOLD_SECONDS, operator=Operator.AT_LEAST, threshold=30, exercise="bridge"
)
PLAN = ProtocolContent(
    code="own_back",
    name="Back",
    phases=(
        PhaseContent(
            name="First",
            exit_criteria=(GATE,),
            blocks=(
                BlockContent(
                    title="Daily",
                    schedule=Schedule(pattern=Pattern.DAILY),
                    items=(ItemContent(exercise="bridge", dose=TEN, note="Slowly", in_bad_day_set=True),),
                ),
            ),
        ),
    ),
)


@pytest.fixture
def bridge(riverside: Cast) -> Exercise:
    return make_exercise("Bridge")


def with_item(item: ItemContent) -> ProtocolContent:
    phase = PLAN.phases[0]
    return replace(PLAN, phases=(replace(phase, blocks=(replace(phase.blocks[0], items=(item,)),)),))


def states(row: Protocol) -> list[tuple[int, str]]:
    return list(row.versions.order_by("number").values_list("number", "origin"))


def test_new_protocol_is_kept_whole(riverside: Cast, bridge: Exercise, now: datetime) -> None:
    row = protocols.create(content=PLAN, by=riverside.tess, now=now)
    assert protocol_content(row) == PLAN
    version = row.versions.get()
    assert (version.number, version.origin, protocol_from(version.content)) == (1, Origin.CREATED, PLAN)
    assert AuditEvent.objects.get(verb="protocol.created").object_id == str(row.pk)
    with pytest.raises(ContentError) as refused:
        protocols.create(content=PLAN, by=riverside.theo, now=now)
    assert refused.value.problems == (("code", "protocol_exists"),)


def test_edit_replaces_the_phases_and_keeps_the_version_before(
    riverside: Cast, bridge: Exercise, now: datetime
) -> None:
    row = protocols.create(content=PLAN, by=riverside.tess, now=now)
    second = replace(PLAN.phases[0], name="Second", exit_criteria=())
    new = replace(PLAN, phases=(second, PLAN.phases[0]))
    protocols.edit(protocol=row, content=new, revision=1, by=riverside.theo, now=now + timedelta(days=1), note="Two")
    row.refresh_from_db()
    assert protocol_content(row) == new
    assert states(row) == [(1, "created"), (2, "edited")]
    assert protocol_from(row.versions.get(number=1).content) == PLAN
    assert ProtocolItem.objects.count() == 2


def test_edit_of_what_was_not_read_is_a_conflict(riverside: Cast, bridge: Exercise, now: datetime) -> None:
    row = protocols.create(content=PLAN, by=riverside.tess, now=now)
    protocols.edit(protocol=row, content=replace(PLAN, name="Theirs"), revision=1, by=riverside.theo, now=now)
    with pytest.raises(ConflictError, match="stale_protocol"):
        protocols.edit(protocol=row, content=replace(PLAN, name="Mine"), revision=1, by=riverside.tess, now=now)
    assert protocol_content(row).name == "Theirs"


def test_restored_protocol_is_a_new_version(riverside: Cast, bridge: Exercise, now: datetime) -> None:
    row = protocols.create(content=PLAN, by=riverside.tess, now=now)
    protocols.edit(protocol=row, content=replace(PLAN, name="Other"), revision=1, by=riverside.tess, now=now)
    protocols.restore(protocol=row, number=1, revision=2, by=riverside.theo, now=now)
    assert protocol_content(row) == PLAN
    assert states(row) == [(1, "created"), (2, "edited"), (3, "restored")]
    with pytest.raises(DomainError, match="nothing_to_restore"):
        protocols.restore(protocol=row, number=7, revision=3, by=riverside.theo, now=now)


def test_retired_protocol_can_be_brought_back(riverside: Cast, bridge: Exercise, now: datetime) -> None:
    row = protocols.create(content=PLAN, by=riverside.tess, now=now)
    retiring.retire(row=row, by=riverside.tess, now=now)
    assert not Protocol.objects.current().exists()
    retiring.bring_back(row=row, by=riverside.tess, now=now)
    assert Protocol.objects.current().get() == row
    assert states(row) == [(1, "created"), (2, "retired"), (3, "brought_back")]


def test_edit_of_a_catalogue_protocol_keeps_what_was_taken(riverside: Cast, now: datetime) -> None:
    catalogue.adopt(clinic=riverside.riverside, by=riverside.olive, now=now)
    row = Protocol.objects.order_by("code").first()
    shipped = protocol_content(row)
    protocols.edit(protocol=row, content=replace(shipped, name="Ours"), revision=1, by=riverside.tess, now=now)
    row.refresh_from_db()
    assert row.catalogue_base == protocol_json(shipped)
    assert states(row) == [(1, "catalogue"), (2, "edited")]


def test_unknown_exercise_and_missing_side_are_named_by_place(riverside: Cast, now: datetime) -> None:
    make_exercise("Plank", Laterality.ONE_SIDE)
    make_exercise("Bridge")
    with pytest.raises(ContentError) as refused:
        protocols.create(content=with_item(ItemContent(exercise="plank", dose=TEN)), by=riverside.tess, now=now)
    assert refused.value.problems == (("phases.0.blocks.0.items.0.dose.side", "side_missing"),)
    gone = with_item(ItemContent(exercise="nobody", dose=TEN))
    with pytest.raises(ContentError) as refused:
        protocols.create(content=gone, by=riverside.tess, now=now)
    assert refused.value.problems == (("phases.0.blocks.0.items.0.exercise", "unknown_exercise"),)
    assert not ProtocolBlock.objects.exists()


def test_gate_of_an_unknown_exercise_is_refused(riverside: Cast, bridge: Exercise, now: datetime) -> None:
    gate = replace(GATE, exercise="nobody")
    plan = replace(PLAN, phases=(replace(PLAN.phases[0], exit_criteria=(gate,)),))
    with pytest.raises(ContentError) as refused:
        protocols.create(content=plan, by=riverside.tess, now=now)
    assert refused.value.problems == (("phases.0.exit_criteria.0.exercise", "unknown_exercise"),)


def test_protocol_keeps_naming_a_retired_exercise(riverside: Cast, bridge: Exercise, now: datetime) -> None:
    row = protocols.create(content=PLAN, by=riverside.tess, now=now)
    retiring.retire(row=bridge, by=riverside.tess, now=now)
    assert protocol_content(row) == PLAN
    protocols.edit(protocol=row, content=replace(PLAN, name="Still"), revision=1, by=riverside.tess, now=now)


def test_new_default_dose_changes_no_protocol(riverside: Cast, bridge: Exercise, now: datetime) -> None:
    row = protocols.create(content=PLAN, by=riverside.tess, now=now)
    content = exercise_content(bridge)
    new = replace(content, dose=Dose(measure=Measure.HOLD, hold_s=20, side=Side.NONE))
    exercises.edit(exercise=bridge, content=new, revision=1, by=riverside.tess, now=now)
    assert protocol_content(row) == PLAN
