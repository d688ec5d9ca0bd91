"""What was published never changes, whatever happens to the library: rows, doses and order, on the runner's own pages."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import pytest
from django.test import Client

from athletes.facts.programs import latest, plan_of
from athletes.models import Prescription, Program
from clinic.models import Member
from clinic.scope import in_clinic
from exercises import exchange
from exercises.actions import exercises, imports, protocols, retiring, updates
from exercises.catalogue import Catalogue
from exercises.exchange import document
from exercises.kinds import Laterality, Measure, Side
from exercises.models import Exercise, ExerciseLink, Protocol
from exercises.queries.content import exercise_content, protocol_content
from exercises.queries.imports import dry_run
from exercises.queries.updates import updates as updates_of
from exercises.rules.content import BlockContent, ItemContent, PhaseContent, ProtocolContent
from exercises.rules.content_json import exercise_json, protocol_json
from exercises.rules.dose import Dose
from tests.cast import Cast
from tests.prescribing import DAILY, begin, block, make_exercise, publish

TODAY = date(2026, 11, 24)
PAGES = ("/me/", "/me/program/")
HOLD = Dose(measure=Measure.HOLD, sets=3, hold_s=20, side=Side.EACH, rest_s=45)
CHANGING = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"|name="client_id" value="[^"]*"')


@dataclass
class Stage:
    """Ana's published program, and a protocol with the same exercise."""

    cast: Cast
    now: datetime
    program: Program
    plank: Exercise
    protocol: Protocol
    ana: Client

    def seen(self) -> list[str]:
        return [CHANGING.sub("", self.ana.get(page).content.decode()) for page in PAGES]

    def edit(self, **changes: Any) -> None:
        self.plank.refresh_from_db()
        content = replace(exercise_content(self.plank), **changes)
        revision = self.plank.revision
        exercises.edit(exercise=self.plank, content=content, revision=revision, by=self.cast.theo, now=self.now)


@pytest.fixture
def stage(cast: Cast, sign_in: Callable[[Member], Client], now: datetime) -> Iterator[Stage]:
    with in_clinic(cast.riverside.pk):
        plank, bridge = make_exercise("Side plank", Laterality.ONE_SIDE), make_exercise("Bridge")
        program = begin(cast.ana, by=cast.tess, now=now)
        publish(program, _plan(plank, bridge), by=cast.tess, now=now, on=TODAY)
        item = ItemContent(exercise="side_plank", dose=HOLD)
        phase = PhaseContent(name="One", blocks=(BlockContent(title="Daily", schedule=DAILY, items=(item,)),))
        content = ProtocolContent(code="own_back", name="Back", phases=(phase,))
        protocol = protocols.create(content=content, by=cast.tess, now=now)
        yield Stage(cast, now, program, plank, protocol, sign_in(cast.ana.member))


def _plan(plank: Exercise, bridge: Exercise) -> Any:
    whole = block(plank, bridge)
    return replace(whole, lines=(replace(whole.lines[0], dose=HOLD, note="Slowly"), whole.lines[1]))


def new_dose(stage: Stage) -> None:
    stage.edit(dose=Dose(measure=Measure.REPS, sets=5, reps=50, side=Side.LEFT), dose_source="A trial")


def retire(stage: Stage) -> None:
    retiring.retire(row=stage.plank, by=stage.cast.theo, now=stage.now)


def restore(stage: Stage) -> None:
    new_dose(stage)
    stage.plank.refresh_from_db()
    exercises.restore(exercise=stage.plank, number=1, revision=stage.plank.revision, by=stage.cast.theo, now=stage.now)


def sides_in_turn(stage: Stage) -> None:
    stage.edit(laterality=Laterality.ALTERNATING)


def ladder(stage: Stage) -> None:
    stage.edit(easier=("bridge",))
    assert ExerciseLink.objects.count() == 1


def edit_protocol(stage: Stage) -> None:
    content = protocol_content(stage.protocol)
    phase = replace(content.phases[0], name="Other", blocks=(replace(content.phases[0].blocks[0], title="Other"),))
    new = replace(content, name="Other", phases=(phase, content.phases[0]))
    protocols.edit(protocol=stage.protocol, content=new, revision=1, by=stage.cast.theo, now=stage.now)
    protocols.restore(protocol=stage.protocol, number=1, revision=2, by=stage.cast.theo, now=stage.now)
    retiring.retire(row=stage.protocol, by=stage.cast.theo, now=stage.now)


def newer_catalogue(stage: Stage) -> None:
    """The plank and the protocol are the catalogue's, which has other doses, steps and phases now; all is taken."""
    plank, back = exercise_content(stage.plank), protocol_content(stage.protocol)
    for row, content in ((stage.plank, exercise_json(plank)), (stage.protocol, protocol_json(back))):
        type(row).objects.filter(pk=row.pk).update(catalogue_version="1", catalogue_base=content)
    item = replace(back.phases[0].blocks[0].items[0], dose=replace(HOLD, hold_s=5))
    phase = replace(back.phases[0], blocks=(replace(back.phases[0].blocks[0], items=(item, item)),))
    moves = (replace(plank, dose=replace(plank.dose, sets=9), dose_source="A trial", easier=("bridge",)),)
    catalogue = Catalogue(
        (*moves, exercise_content(Exercise.objects.get(code="bridge"))), (replace(back, phases=(phase,)),)
    )
    tokens = [update.token for update in updates_of(catalogue).open]
    assert updates.take(tokens=tokens, by=stage.cast.olive, now=stage.now, catalogue=catalogue) == updates.Taken(2)
    stage.plank.refresh_from_db()
    assert stage.plank.sets == 9


def imported_file(stage: Stage) -> None:
    plank, back = exercise_content(stage.plank), protocol_content(stage.protocol)
    file = document.write(
        exercises=[exercise_json(replace(plank, dose=replace(plank.dose, sets=9)))],
        protocols=[protocol_json(replace(back, phases=(*back.phases, *back.phases)))],
    )
    plan = dry_run(exchange.read(file))
    lines = [imports.Line(one.content, one.revision) for one in plan.to_write if one.content]
    assert imports.bring_in(lines=lines, by=stage.cast.theo, now=stage.now) == 2


@pytest.mark.parametrize(
    "change", [newer_catalogue, imported_file, new_dose, retire, restore, sides_in_turn, ladder, edit_protocol]
)
def test_published_program_is_the_same_on_every_page(stage: Stage, change: Callable[[Stage], None]) -> None:
    before, rows, plan = stage.seen(), list(Prescription.objects.values()), plan_of(latest(stage.program))
    assert "3 × 20 s each side" in before[1]
    change(stage)
    assert stage.seen() == before
    assert list(Prescription.objects.values()) == rows
    assert plan_of(latest(stage.program)) == plan


def test_corrected_words_reach_the_runner_and_no_dose_moves(stage: Stage) -> None:
    rows = list(Prescription.objects.values())
    stage.edit(name="Side plank, slowly", steps=("Prop up.", "Breathe."))
    program = stage.seen()[1]
    assert "Side plank, slowly" in program
    assert "3 × 20 s each side" in program
    assert list(Prescription.objects.values()) == rows
