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
from exercises.actions import exercises, protocols, retiring
from exercises.kinds import Laterality, Measure, Side
from exercises.models import Exercise, ExerciseLink, Protocol
from exercises.queries.content import exercise_content, protocol_content
from exercises.rules.content import BlockContent, ItemContent, PhaseContent, ProtocolContent
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


@pytest.mark.parametrize("change", [new_dose, retire, restore, sides_in_turn, ladder, edit_protocol])
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
