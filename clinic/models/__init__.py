"""Models of the bottom room, one module per noun."""

from clinic.models.audit import AuditEvent
from clinic.models.clinic import Clinic
from clinic.models.heartbeat import Heartbeat
from clinic.models.member import Invitation, Member
from clinic.models.message import Message, Suppression
from clinic.models.user import User

__all__ = ["AuditEvent", "Clinic", "Heartbeat", "Invitation", "Member", "Message", "Suppression", "User"]
