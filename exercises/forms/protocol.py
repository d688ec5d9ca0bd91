"""A whole protocol as one form: phases, blocks, items, and the gates between the phases."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from clinic.errors import DomainError
from clinic.ids import uuid7
from clinic.problems import sentence, words
from exercises.errors import ContentError
from exercises.forms import wrong
from exercises.forms.block import BlockForm, LineForm
from exercises.forms.dose import text_field
from exercises.forms.fields import ParagraphsField
from exercises.forms.gate import LABEL, GateForm, Usual, usual
from exercises.forms.protocol_typed import Typed, TypedBlock, TypedPhase, exercise_id
from exercises.kinds import Gauge
from exercises.models import Exercise
from exercises.queries.names import Named, by_label
from exercises.rules import content as rule
from exercises.rules.content import BlockContent, ItemContent, PhaseContent, ProtocolContent

EMPTY = {"phases": "no_phase", "blocks": "phase_empty", "items": "block_empty"}


class ItemForm(LineForm):
    """One exercise of a block."""

    def item(self) -> ItemContent:
        """Return the item, once valid."""
        said = self.cleaned_data
        return ItemContent(
            exercise=self.movement.code, dose=self.dose(), note=said["note"], in_bad_day_set=said["in_bad_day_set"]
        )


class ProtocolBlockForm(BlockForm):
    """A block, and the name of the exercise that comes next."""

    add = text_field(lazy("Add an exercise"), length=LABEL)

    def __init__(self, data: Any, *, place: str, items: list[ItemForm], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.place = place
        self.items = items

    def clean_add(self) -> str:
        """Refuse what is left in it: a name that is known has become an item."""
        if not self.cleaned_data["add"].strip():
            return ""
        if len(self.items) >= rule.ITEMS:
            raise forms.ValidationError(_("A block has at most %(n)d exercises.") % {"n": rule.ITEMS})
        raise forms.ValidationError(_("No exercise in your library has this name."))

    def wrong(self) -> Iterator[str]:
        """Give the places in it where something is wrong: its head, its lines, and what is to be added to it."""
        yield from wrong.whole(self, but="add")
        for item in self.items:
            yield from wrong.whole(item)
        yield from wrong.fields(self, ["add"])

    def block(self) -> BlockContent:
        """Return the block, once valid."""
        items = tuple(item.item() for item in self.items)
        return BlockContent(title=self.cleaned_data["title"], schedule=self.schedule(), items=items)


class PhaseForm(forms.Form):
    """A phase's name, with what is in it."""

    name = forms.CharField(
        label=lazy("Name of the phase"),
        max_length=rule.NAME,
        error_messages={"required": lazy("Give the phase a name.")},
    )

    def __init__(
        self, data: Any, *, place: int, blocks: list[ProtocolBlockForm], gates: list[GateForm], **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        self.place = place
        self.blocks = blocks
        self.gates = gates

    def wrong(self) -> Iterator[str]:
        """Give the places in it where something is wrong."""
        yield from wrong.whole(self)
        for block in self.blocks:
            yield from block.wrong()
        for gate in self.gates:
            yield from wrong.whole(gate)

    def phase(self) -> PhaseContent:
        """Return the phase, once valid."""
        return PhaseContent(
            name=self.cleaned_data["name"],
            exit_criteria=tuple(gate.criterion() for gate in self.gates),
            blocks=tuple(block.block() for block in self.blocks),
        )


class ProtocolForm(forms.Form):
    """What a protocol is for."""

    client_id = forms.UUIDField(required=False, widget=forms.HiddenInput)  # made with the page of a new one
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)
    name = forms.CharField(
        label=lazy("Name"),
        max_length=rule.NAME,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": lazy("Give it a name.")},
    )
    summary = ParagraphsField(label=lazy("Summary"), rows=2, max_length=rule.TEXT)
    audience = text_field(lazy("For whom"), length=rule.NOTE)
    source = ParagraphsField(
        label=lazy("Where it is from"),
        rows=2,
        max_length=rule.TEXT,
        help_text=lazy("Studies, guidelines, or “clinical convention”."),
    )
    note = forms.CharField(
        label=lazy("What changed, and why"),
        required=False,
        max_length=rule.NOTE,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=lazy("For your colleagues; it stands in the history."),
    )


@dataclass(frozen=True, slots=True)
class ProtocolSheet:
    """The page of a protocol: bound forms, each with what is in it."""

    form: ProtocolForm
    phases: list[PhaseForm]

    def is_valid(self) -> bool:
        """Tell whether everything has the shape of a protocol."""
        return all(form.is_valid() for form in self._forms())

    def content(self, code: str) -> ProtocolContent:
        """Return what was typed, once it has the shape."""
        said = self.form.cleaned_data
        texts = {name: said[name] for name in ("name", "summary", "audience", "source")}
        return ProtocolContent(code=code, phases=tuple(phase.phase() for phase in self.phases), **texts)

    def refuse(self, error: DomainError) -> None:
        """Put every problem beside its field."""
        if not isinstance(error, ContentError):
            self.form.add_error(None, words(error))
            return
        for path, code in error.problems:
            form, field = self._place(path.split("."))
            text = sentence(EMPTY[field] if code == "missing" and field in EMPTY else code)
            form.add_error(field if field in form.fields else None, text)

    def gauges(self) -> list[Usual]:
        """Return what each gauge can be asked."""
        return [usual(what) for what in Gauge]

    def wrong(self) -> list[str]:
        """Return where something is wrong, in the order of the page."""
        return [*wrong.fields(self.form), *(place for phase in self.phases for place in phase.wrong())]

    def _forms(self) -> Iterator[forms.Form]:
        yield self.form
        for phase in self.phases:
            yield from (phase, *phase.gates, *phase.blocks, *(item for block in phase.blocks for item in block.items))

    def _place(self, path: list[str]) -> tuple[forms.Form, str]:
        """Return the form and the field that a path of the content means."""
        if path[0] != "phases" or len(path) == 1:
            return self.form, path[0]
        phase = self.phases[int(path[1])]
        match path[2:]:
            case ["exit_criteria", gate, *_, field]:
                return phase.gates[int(gate)], field
            case ["blocks", block, "items", item, *_, field]:
                return phase.blocks[int(block)].items[int(item)], field
            case ["blocks", block, *_, field]:
                return phase.blocks[int(block)], field
        return phase, path[2]


def sheet_of(
    head: Mapping[str, Any],
    typed: list[TypedPhase],
    *,
    exercises: Mapping[UUID, Exercise],
    names: Mapping[str, Named],
    is_asked: bool,
) -> ProtocolSheet:
    """Bind a protocol, valid or not; its head only when it is to be saved, so that nothing is marked before."""
    labels = by_label(names)
    form = ProtocolForm(head) if is_asked else ProtocolForm(initial={name: head.get(name) for name in head})
    return ProtocolSheet(form, [_phase(n, phase, exercises, labels) for n, phase in enumerate(typed)])


def head_data(content: ProtocolContent | None, revision: int | None) -> dict[str, str]:
    """Return the head of a protocol as a browser would send it."""
    texts = {name: getattr(content, name, "") for name in ("name", "summary", "audience", "source")}
    return texts | {"revision": str(revision or ""), "client_id": str(uuid7())}


def _phase(n: int, typed: TypedPhase, exercises: Mapping[UUID, Exercise], labels: Mapping[str, Named]) -> PhaseForm:
    blocks = [_block(n, m, block, exercises) for m, block in enumerate(typed.blocks)]
    gates = [
        GateForm(_prefixed(gate, f"p{n}g{m}"), place=f"{n}.{m}", labels=labels, prefix=f"p{n}g{m}")
        for m, gate in enumerate(typed.gates)
    ]
    return PhaseForm(_prefixed(typed.data, f"p{n}"), place=n, blocks=blocks, gates=gates, prefix=f"p{n}")


def _block(n: int, m: int, typed: TypedBlock, exercises: Mapping[UUID, Exercise]) -> ProtocolBlockForm:
    prefix = f"p{n}b{m}"
    items = [_item(f"{n}.{m}.{k}", f"{prefix}i{k}", item, exercises) for k, item in enumerate(typed.items)]
    return ProtocolBlockForm(_prefixed(typed.data, prefix), place=f"{n}.{m}", items=items, prefix=prefix)


def _item(place: str, prefix: str, typed: Typed, exercises: Mapping[UUID, Exercise]) -> ItemForm:
    movement = exercises.get(exercise_id(typed))
    if movement is None:
        raise Http404  # no page of ours names an exercise that the clinic does not have
    return ItemForm(_prefixed(typed, prefix), movement=movement, place=place, prefix=prefix)


def _prefixed(typed: Typed, prefix: str) -> MultiValueDict[str, str]:
    return MultiValueDict({f"{prefix}-{name}": values for name, values in typed.items()})
