"""The words for the room's codes (exercises/kinds.py)."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from exercises.kinds import Caution, Equipment, Kind, Laterality, LoadKind, Measure, Pattern, Region, Side, Trigger

Code = TypeVar("Code", bound=StrEnum)

KINDS: dict[Kind, Promise] = {
    Kind.WARM_UP: _("Warm-up"),
    Kind.MOBILITY: _("Mobility"),
    Kind.STRETCH: _("Stretch"),
    Kind.STRENGTH: _("Strength"),
    Kind.ACTIVITY: _("Activity"),
}
MEASURES: dict[Measure, Promise] = {
    Measure.REPS: _("Repetitions"),
    Measure.HOLD: _("Hold"),
    Measure.TIME: _("Time"),
    Measure.DISTANCE: _("Distance"),
    Measure.BREATHS: _("Breaths"),
}
SIDES: dict[Side, Promise] = {
    Side.NONE: _("no sides"),
    Side.EACH: _("each side"),
    Side.ALTERNATING: _("alternating sides"),
    Side.LEFT: _("left side"),
    Side.RIGHT: _("right side"),
    Side.BOTH: _("both sides together"),
}
LATERALITIES: dict[Laterality, Promise] = {
    Laterality.TOGETHER: _("both sides together"),
    Laterality.ONE_SIDE: _("one side, then the other"),
    Laterality.ALTERNATING: _("alternating sides"),
}
LOADS: dict[LoadKind, Promise] = {LoadKind.NONE: _("No load"), LoadKind.KG: _("Kilograms"), LoadKind.BAND: _("Band")}
TRIGGERS: dict[Trigger, Promise] = {
    Trigger.SCHEDULED: _("On a schedule"),
    Trigger.BEFORE_RUN: _("Before each run"),
    Trigger.AFTER_RUN: _("After each run"),
    Trigger.IF_STIFF: _("If stiff"),
}
PATTERNS: dict[Pattern, Promise] = {
    Pattern.WEEKDAYS: _("On certain weekdays"),
    Pattern.PER_WEEK: _("Times a week"),
    Pattern.DAILY: _("Every day"),
}
REGIONS: dict[Region, Promise] = {
    Region.LOWER_BACK: _("lower back"),
    Region.CORE: _("core"),
    Region.HIP: _("hip"),
    Region.GLUTES: _("glutes"),
    Region.HAMSTRINGS: _("hamstrings"),
    Region.QUADRICEPS: _("quadriceps"),
    Region.GROIN: _("groin"),
    Region.CALF: _("calf"),
    Region.ANKLE: _("ankle"),
    Region.UPPER_BACK: _("upper back"),
    Region.WHOLE_BODY: _("whole body"),
}
EQUIPMENT: dict[Equipment, Promise] = {
    Equipment.MAT: _("mat"),
    Equipment.FOAM_ROLLER: _("foam roller"),
    Equipment.YOGA_BLOCK: _("yoga block"),
    Equipment.BAND: _("band"),
    Equipment.DUMBBELL: _("dumbbell"),
    Equipment.BARBELL: _("barbell"),
    Equipment.BENCH: _("bench"),
    Equipment.STEP: _("step"),
    Equipment.STRAP: _("strap"),
    Equipment.CHAIR: _("chair"),
    Equipment.WALL: _("wall"),
    Equipment.BALL: _("massage ball"),
    Equipment.BIKE: _("bike"),
    Equipment.CROSS_TRAINER: _("cross-trainer"),
    Equipment.POOL: _("pool"),
    Equipment.HEAT_PACK: _("heat pack"),
    Equipment.MACHINE: _("gym machine"),
}
CAUTIONS: dict[Caution, Promise] = {
    Caution.SPINAL_FLEXION: _("bends the spine"),
    Caution.SPINAL_EXTENSION: _("arches the spine"),
    Caution.SPINAL_ROTATION: _("twists the spine"),
    Caution.DEEP_HIP_ROTATION: _("deep hip rotation"),
    Caution.KNEELING: _("on the knees"),
    Caution.BALANCE: _("needs balance"),
    Caution.SHOULDER_LOAD: _("loads the shoulder"),
    Caution.LOW_TOLERANCE: _("begin with the easier form"),
    Caution.EXTERNAL_LOAD: _("external load"),
    Caution.FIRM_PRESSURE: _("firm pressure"),
    Caution.HEAT: _("warmth on the skin"),
    Caution.IMPACT: _("impact of landing"),
}


def choices(labels: Mapping[Code, Promise]) -> list[tuple[str, Promise]]:
    """Return a label table as a model field's choices."""
    return [(code.value, label) for code, label in labels.items()]
