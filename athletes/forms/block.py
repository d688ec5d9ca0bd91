"""One block of a draft: its title and its schedule."""

from typing import Any
from uuid import UUID

from django import forms

from athletes.forms.line import LineForm
from athletes.rules.plan import PlannedBlock, whole_minutes
from exercises.forms import block


class BlockForm(block.BlockForm):
    """A block of a draft, with its lines and what it was in the edition before."""

    lineage = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data: Any, *, number: int, lines: list[LineForm], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.number = number
        self.lines = lines
        self.was: PlannedBlock | None = None

    def planned(self) -> PlannedBlock:
        """Return the block, once valid, with those of its lines that are."""
        said = self.cleaned_data
        lines = tuple(line.planned() for line in self.lines if line.is_valid())
        return PlannedBlock(lineage=said["lineage"], title=said["title"], schedule=self.schedule(), lines=lines)

    def minutes(self) -> int:
        """Estimate one session from the lines that are valid, in minutes."""
        return whole_minutes(sum(line.planned().dose.seconds() for line in self.lines if line.is_valid()))

    def lineage_id(self) -> UUID | None:
        """Return the block's lineage, if it is readable."""
        return self.cleaned_data.get("lineage") if self.is_bound and not self.errors.get("lineage") else None


def block_data(planned: PlannedBlock) -> dict[str, list[str]]:
    """Return a block's own fields as a browser would send them."""
    return {"lineage": [str(planned.lineage)], **block.block_data(planned.title, planned.schedule)}
