"""Models of the room of exercises, one module per noun."""

from exercises.models.dose import DOSE_CONSTRAINTS, DoseFields
from exercises.models.education import EducationCard
from exercises.models.exercise import Exercise, ExerciseLink
from exercises.models.favourite import Favourite
from exercises.models.left import CatalogueLeft
from exercises.models.media import ExerciseMedia
from exercises.models.protocol import Protocol, ProtocolBlock, ProtocolItem, ProtocolPhase
from exercises.models.schedule import SCHEDULE_CONSTRAINTS, ScheduleFields
from exercises.models.version import ExerciseVersion, ProtocolVersion

__all__ = [
    "DOSE_CONSTRAINTS",
    "SCHEDULE_CONSTRAINTS",
    "CatalogueLeft",
    "DoseFields",
    "EducationCard",
    "Exercise",
    "ExerciseLink",
    "ExerciseMedia",
    "ExerciseVersion",
    "Favourite",
    "Protocol",
    "ProtocolBlock",
    "ProtocolItem",
    "ProtocolPhase",
    "ProtocolVersion",
    "ScheduleFields",
]
