"""A whole draft as one form: blocks and lines, bound, beside the edition that they change."""

from dataclasses import dataclass
from uuid import UUID

from django.http import Http404
from django.utils.datastructures import MultiValueDict

from athletes.facts.movements import Movements
from athletes.forms.block import BlockForm
from athletes.forms.line import LineForm
from athletes.forms.typed import Typed, TypedBlock
from athletes.rules.diff import pair_lines
from athletes.rules.plan import Plan


@dataclass(frozen=True, slots=True)
class Sheet:
    """The draft on the desk: bound forms, each block with its lines."""

    blocks: list[BlockForm]

    def is_valid(self) -> bool:
        """Tell whether everything can be prescribed."""
        return all(form.is_valid() for block in self.blocks for form in (block, *block.lines))

    def plan(self) -> Plan:
        """Return what can be read of the draft as plain data: all of it, once valid."""
        return Plan(tuple(block.planned() for block in self.blocks if block.is_valid()))

    def exercises(self) -> set[UUID]:
        """Return the exercises that are in it."""
        return {line.exercise for block in self.blocks for line in block.lines}


def sheet_of(typed: list[TypedBlock], *, movements: Movements, base: Plan) -> Sheet:
    """Bind a draft, valid or not, and set each part beside what it was in the edition before."""
    sheet = Sheet([_block(number, block, movements) for number, block in enumerate(typed)])
    before = {block.lineage: block for block in base.blocks}
    for block in sheet.blocks:
        lineage = block.lineage_id()
        block.was = before.get(lineage) if lineage else None
        for was, line in pair_lines(block.was.lines if block.was else (), block.lines):
            if line is not None:
                line.was, line.is_new = was, was is None and bool(base.blocks)
                line.was_movement = movements.exercises.get(was.exercise) if was else None
    return sheet


def _block(number: int, typed: TypedBlock, movements: Movements) -> BlockForm:
    lines = [_line(f"{number}.{n}", line, movements) for n, line in enumerate(typed.lines)]
    prefix = f"b{number}"
    return BlockForm(_prefixed(typed.data, prefix), number=number, lines=lines, prefix=prefix)


def _line(place: str, typed: Typed, movements: Movements) -> LineForm:
    block, line = place.split(".")
    prefix = f"b{block}l{line}"
    movement = movements.exercises.get(exercise_id(typed))
    if movement is None:
        raise Http404  # no page of ours names an exercise that the clinic does not have
    form = LineForm(_prefixed(typed, prefix), movement=movement, place=place, prefix=prefix)
    form.easier, form.harder = movements.easier.get(movement.pk), movements.harder.get(movement.pk)
    return form


def exercise_id(typed: Typed) -> UUID:
    """Read which exercise a line is about; what is not an id is nobody's exercise."""
    try:
        return UUID(typed.get("exercise_id", [""])[0])
    except ValueError as error:
        raise Http404 from error


def _prefixed(typed: Typed, prefix: str) -> MultiValueDict[str, str]:
    return MultiValueDict({f"{prefix}-{name}": values for name, values in typed.items()})
