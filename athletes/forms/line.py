"""One line of a draft: an exercise and its dose, edited in place as one phrase, beside what it was."""

from typing import Any

from athletes.rules.plan import PlannedLine
from exercises.forms import block
from exercises.forms.dose import dose_data, typed
from exercises.models import Exercise


class LineForm(block.LineForm):
    """The dose of one exercise, and what stood there in the edition before."""

    def __init__(self, data: Any, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.was: PlannedLine | None = None
        self.was_movement: Exercise | None = None
        self.is_new = False
        self.easier: Exercise | None = None  # the next form of the movement, either way
        self.harder: Exercise | None = None

    def planned(self) -> PlannedLine:
        """Return the line, once valid."""
        said = self.cleaned_data
        return PlannedLine(
            exercise=self.exercise, dose=self.dose(), note=said["note"], in_bad_day_set=said["in_bad_day_set"]
        )

    def changed(self) -> bool:
        """Tell whether the line differs from the edition before; a line with an error does."""
        return self.is_new or (self.was is not None and (not self.is_valid() or self.planned() != self.was))

    def before(self, name: str) -> str:
        """Return what the edition before said here, as it is typed; nothing where another thing was counted."""
        if self.was is None or self.was.exercise != self.exercise or self.was.dose.measure != self.counted():
            return ""
        return typed(getattr(self.was.dose, name))


def line_data(line: PlannedLine) -> dict[str, list[str]]:
    """Return a line as a browser would send it."""
    said = {"exercise_id": str(line.exercise), "note": line.note, "in_bad_day_set": "on" if line.in_bad_day_set else ""}
    return dose_data(line.dose) | {name: [value] for name, value in said.items() if value}
