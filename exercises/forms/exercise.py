"""One exercise on one page: its words, its default dose, its picture, its place on the ladder."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, TypeVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from clinic.errors import DomainError
from clinic.ids import uuid7
from clinic.problems import sentence, words
from exercises.catalogue import load
from exercises.errors import ContentError
from exercises.forms import wrong
from exercises.forms.dose import DoseForm, dose_data
from exercises.forms.fields import ChipsField, Chosen, LinesField, ParagraphsField
from exercises.kinds import Caution, Equipment, Kind, Laterality, Region
from exercises.models.labels import CAUTIONS, EQUIPMENT, KINDS, LATERALITIES, REGIONS, choices
from exercises.queries.names import Named
from exercises.rules import content as rule
from exercises.rules.content import ExerciseContent

Code = TypeVar("Code", Region, Equipment, Caution)
SPARE_RUNGS = 2  # empty places on a ladder; saving and opening again brings two more


class ExerciseForm(forms.Form):
    """Everything but the dose."""

    client_id = forms.UUIDField(required=False, widget=forms.HiddenInput)  # made with the page of a new one
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)
    name = forms.CharField(
        label=lazy("Name"),
        max_length=rule.NAME,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": lazy("Give it a name.")},
    )
    kind = forms.ChoiceField(
        label=lazy("Kind"),
        choices=[("", lazy("Choose")), *choices(KINDS)],
        error_messages={"required": lazy("Choose what it is for.")},
    )
    laterality = forms.ChoiceField(
        label=lazy("Sides"),
        choices=[("", lazy("Choose")), *choices(LATERALITIES)],
        error_messages={"required": lazy("Choose how it uses the sides.")},
    )
    regions = ChipsField(lazy("Regions"), REGIONS)
    equipment = ChipsField(lazy("Equipment"), EQUIPMENT, help_text=lazy("Nothing ticked: nothing is needed."))
    steps = LinesField(
        label=lazy("How"), rows=6, error_messages={"required": lazy("Say how it is done, step by step.")}
    )
    cues = LinesField(label=lazy("Cues"), rows=4, required=False)
    mistakes = LinesField(label=lazy("Common mistakes"), rows=4, required=False)
    source = forms.CharField(label=lazy("Source of the text"), required=False, max_length=rule.SOURCE)
    caution_tags = ChipsField(
        lazy("Cautions"), CAUTIONS, help_text=lazy("A caution warns the clinician who prescribes.")
    )
    avoid_when = ParagraphsField(label=lazy("Leave out when"), rows=3, max_length=rule.TEXT)
    dose_source = forms.CharField(
        label=lazy("Where the dose is from"),
        required=False,
        max_length=rule.SOURCE,
        help_text=lazy("A study, a guideline, or “clinical convention”."),
    )
    easier = forms.MultipleChoiceField(label=lazy("Easier forms"), required=False, widget=Chosen)
    harder = forms.MultipleChoiceField(label=lazy("Harder forms"), required=False, widget=Chosen)
    # As the page was opened: only what was changed here is changed there, whatever others did to those ladders meanwhile.
    harder_was = forms.MultipleChoiceField(required=False, widget=forms.MultipleHiddenInput)
    figure = forms.ChoiceField(label=lazy("Picture"), required=False, widget=forms.RadioSelect)
    note = forms.CharField(
        label=lazy("What changed, and why"),
        required=False,
        max_length=rule.NOTE,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=lazy("For your colleagues; it stands in the history."),
    )

    def __init__(self, data: Any = None, *, names: Mapping[str, Named], code: str = "", **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.names = names
        self.code = code
        chosen = self["figure"].value()
        drawn = sorted(figures(), key=lambda pair: pair[0] != chosen)  # what is chosen is seen without scrolling
        self.fields["figure"].choices = [("", _("No picture")), *drawn]  # type: ignore[attr-defined]
        for ladder in ("easier", "harder", "harder_was"):
            others = [(named.code, named.name) for named in names.values() if named.code != code]
            self.fields[ladder].choices = others  # type: ignore[attr-defined]
            self.fields[ladder].error_messages["invalid_choice"] = _("This exercise is not in your library.")

    def clean_name(self) -> str:
        """Refuse a name that another exercise in use has: imports and protocols know exercises by their names."""
        name: str = self.cleaned_data["name"]
        ours, made = self.names.get(self.code), self.cleaned_data.get("client_id")  # made: of this page, sent twice
        others = [one for one in self.names.values() if not one.retired and one.pk != made]
        if not (ours and alike(ours.name, name)) and any(alike(one.name, name) for one in others):
            raise forms.ValidationError(_("There is an exercise of this name already."))
        return name

    def ladders(self) -> list[tuple[forms.BoundField, list[str]]]:
        """Return both ladders, each with what is chosen and some empty places."""
        return [(self[name], [*(self[name].value() or ()), *[""] * SPARE_RUNGS]) for name in ("easier", "harder")]

    def shelves(self) -> list[tuple[str, list[Named]]]:
        """Return what can be a rung, by kind; retired ones only where they already are one."""
        chosen = {code for _field, codes in self.ladders() for code in codes}
        open_ = [named for named in self.names.values() if not named.retired or named.code in chosen]
        known = {code for code, _name in self.fields["easier"].choices}  # type: ignore[attr-defined]
        rows = [named for named in open_ if named.code in known]
        shelves = [(str(label), [named for named in rows if named.kind == kind]) for kind, label in KINDS.items()]
        return [(label, named) for label, named in shelves if named]


@dataclass(frozen=True, slots=True)
class ExerciseSheet:
    """The page of an exercise: the form and its dose."""

    form: ExerciseForm
    dose: DoseForm

    def is_valid(self) -> bool:
        """Tell whether it has the shape of an exercise; both are asked, so that every error is seen."""
        return self.form.is_valid() & self.dose.is_valid()

    def content(self, *, code: str, before: ExerciseContent | None) -> ExerciseContent:
        """Return what was typed, once it has the shape. What is ticked keeps the order that it had before."""
        said = self.form.cleaned_data
        return ExerciseContent(
            code=code,
            name=said["name"],
            kind=Kind(said["kind"]),
            laterality=Laterality(said["laterality"]),
            regions=_in_order(map(Region, said["regions"]), before.regions if before else ()),
            equipment=_in_order(map(Equipment, said["equipment"]), before.equipment if before else ()),
            caution_tags=_in_order(map(Caution, said["caution_tags"]), before.caution_tags if before else ()),
            dose=self.dose.dose(),
            easier=tuple(dict.fromkeys(said["easier"])),
            licence=before.licence if before else "",
            **{
                name: said[name]
                for name in ("steps", "cues", "mistakes", "avoid_when", "dose_source", "figure", "source")
            },
        )

    def wrong(self) -> list[str]:
        """Return where something is wrong, in the order of the page."""
        names = list(self.form.fields)
        at = names.index("dose_source")
        return [
            *wrong.fields(self.form, names[:at]),
            *wrong.fields(self.dose),
            *wrong.fields(self.form, names[at:]),
        ]

    def easier_than(self) -> list[str]:
        """Return the codes of harder forms that were added."""
        return self._without("harder", "harder_was")

    def no_longer_easier_than(self) -> list[str]:
        """Return the codes of harder forms that were taken away."""
        return self._without("harder_was", "harder")

    def refuse(self, error: DomainError) -> None:
        """Put every problem beside its field."""
        if not isinstance(error, ContentError):
            self.form.add_error(None, words(error))
            return
        for path, code in error.problems:
            self._add(path, code)

    def _without(self, field: str, other: str) -> list[str]:
        said = self.form.cleaned_data
        return [code for code in said[field] if code not in said[other]]

    def _add(self, path: str, code: str) -> None:
        head, _dot, rest = path.partition(".")
        form: forms.Form = self.dose if head == "dose" else self.form
        field = rest if head == "dose" else head
        text = sentence(code)
        if rest.isdecimal() and isinstance(form.fields.get(head), LinesField):
            text = _("Line %(n)d: %(text)s") % {"n": int(rest) + 1, "text": text}
        form.add_error(field if field in form.fields else None, text)


def typed_sheet(data: Any, *, names: Mapping[str, Named], code: str = "") -> ExerciseSheet:
    """Bind what was sent."""
    dose = DoseForm(data, laterality=None, prefix="dose")
    return ExerciseSheet(ExerciseForm(data, names=names, code=code), dose)


def open_sheet(
    content: ExerciseContent | None,
    harder: Iterable[str] = (),
    *,
    names: Mapping[str, Named],
    code: str = "",
    revision: int | None = None,
) -> ExerciseSheet:
    """Show a content to change, or an empty page."""
    said: dict[str, Any] = {"revision": revision, "client_id": uuid7()}
    dose: dict[str, Any] = {"sets": 1}
    if content is not None:
        said |= {field.name: getattr(content, field.name) for field in fields(content)}
        said |= {"harder": list(harder), "harder_was": list(harder)}
        dose = {name: values[0] for name, values in dose_data(content.dose).items()}
    form = ExerciseForm(names=names, code=code, initial=said)
    return ExerciseSheet(form, DoseForm(None, laterality=None, prefix="dose", initial=dose))


def alike(name: str, other: str) -> bool:
    """Tell whether two names are the same but for blanks and capitals."""
    return name.casefold().split() == other.casefold().split()


def _in_order(ticked: Iterable[Code], before: Sequence[Code]) -> tuple[Code, ...]:
    """Return what is ticked as it stood before, and last what is new: a page shows boxes in an order of its own."""
    return tuple(sorted(ticked, key=lambda code: before.index(code) if code in before else len(before)))


def figures() -> list[tuple[str, str]]:
    """Return the movements that we draw, by name."""
    drawn = {entry.figure: entry.name for entry in load().exercises if entry.figure}
    return sorted(drawn.items(), key=lambda pair: pair[1])
