"""The one place that writes the audit trail."""

from collections.abc import Iterable
from contextvars import ContextVar
from datetime import datetime
from typing import Any
from uuid import UUID

from clinic.models import AuditEvent, Member

request_id: ContextVar[str] = ContextVar("request_id", default="")


def record(
    verb: str,
    *,
    by: Member | None,
    now: datetime,
    about: object = None,
    subjects: Iterable[UUID] = (),
    **detail: Any,
) -> AuditEvent:
    """Write one event in the caller's transaction: if it cannot be written, the access fails with it.

    `about` is the row changed or opened, `subjects` the athletes whose record it is; `by` None means the system.
    `detail` holds codes, ids and versions; never notes, names or pain scores.
    """
    return AuditEvent.objects.create(
        at=now,
        actor_id=by.pk if by else None,
        actor_role=by.role if by else "",
        verb=verb,
        object_id=str(getattr(about, "pk", "") or ""),
        subject_ids=[str(subject) for subject in subjects],
        detail=detail,
        request_id=request_id.get(),
    )
