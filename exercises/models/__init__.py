"""Models of the room of exercises, one module per noun."""

from exercises.models.dose import DOSE_CONSTRAINTS, DoseFields
from exercises.models.exercise import Exercise, ExerciseLink
from exercises.models.protocol import Protocol, ProtocolBlock, ProtocolItem, ProtocolPhase
from exercises.models.schedule import SCHEDULE_CONSTRAINTS, ScheduleFields

__all__ = [
    "DOSE_CONSTRAINTS",
    "SCHEDULE_CONSTRAINTS",
    "DoseFields",
    "Exercise",
    "ExerciseLink",
    "Protocol",
    "ProtocolBlock",
    "ProtocolItem",
    "ProtocolPhase",
    "ScheduleFields",
]
