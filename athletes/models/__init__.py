"""Models of the big room, one module per noun."""

from athletes.models.alert import Alert, AlertEvent
from athletes.models.athlete import Athlete, CareTie, Pause
from athletes.models.due import DueSession
from athletes.models.log import Entry, PainReport, SessionLog
from athletes.models.program import Block, Prescription, Program, ProgramVersion
from athletes.models.rule import EscalationRule

__all__ = [
    "Alert",
    "AlertEvent",
    "Athlete",
    "Block",
    "CareTie",
    "DueSession",
    "Entry",
    "EscalationRule",
    "PainReport",
    "Pause",
    "Prescription",
    "Program",
    "ProgramVersion",
    "SessionLog",
]
