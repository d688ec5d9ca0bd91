"""Writes to the outbox. Sending is delivery's."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from clinic.actions import audit
from clinic.compiled import compiled_update
from clinic.models import Member, Message, Suppression


@transaction.atomic
def enqueue(
    *,
    kind: str,
    key: str,
    to: Member,
    path: str,
    delivery: str,
    due_at: datetime,
    now: datetime,
    expires_at: datetime | None = None,
    language: str = "",
) -> Message | None:
    """Decide, once, to write to a member: a second decision under the same key changes nothing and returns None.

    `path` is the message's one link, below SITE_URL. Without `expires_at` the message never grows stale.
    """
    row = Message(
        kind=kind,
        key=key,
        recipient=to,
        path=path,
        language=language,
        delivery=delivery,
        due_at=due_at,
        expires_at=expires_at,
        created_at=now,
    )
    Message.objects.bulk_create([row], ignore_conflicts=True)  # the unique key decides between two sweeps at once
    written: Message | None = Message.objects.filter(pk=row.pk).first()
    return written


def enqueue_all(rows: Iterable[Message]) -> list[Message]:
    """Decide to write to many members in a fixed number of queries; return those that nobody had decided before."""
    rows = list(rows)
    Message.objects.bulk_create(rows, ignore_conflicts=True)
    return list(Message.objects.filter(pk__in=[row.pk for row in rows]))


def lock(*, to: Iterable[UUID]) -> None:
    """Wait for whoever is deciding about messages to these members; a no-op on SQLite, which has one writer.

    Who decides to write, and who ends the reason to, take this first: else neither sees what the other has not committed.
    """
    members = Member.objects.filter(pk__in=list(to)).order_by("pk")
    list(members.select_for_update(no_key=True, of=("self",)).values_list("pk"))


def withdraw(*, to: Member, kind: str, reason: str) -> int:
    """Mark what has not been handed over as skipped, in the transaction of the reason. Return how many."""
    return _skip(to.pk, kind, reason)


@compiled_update
def _skip(to: UUID, kind: str, reason: str) -> tuple[QuerySet[Message], dict[str, Any]]:
    waiting = Message.objects.filter(recipient=to, kind=kind, state__in=(Message.State.DUE, Message.State.CLAIMED))
    return waiting, {"state": Message.State.SKIPPED, "reason": reason, "lease_until": None}


@transaction.atomic
def suppress(*, member: Member, kind: str, reason: str, by: Member | None, now: datetime) -> None:
    """Stop one kind of message to a member, and take back what waits. Doing it twice changes nothing."""
    lock(to=[member.pk])
    _, created = Suppression.objects.get_or_create(
        member=member, kind=kind, defaults={"reason": reason, "since_at": now}
    )
    withdraw(to=member, kind=kind, reason=reason)
    if created:
        audit.record("message.suppressed", by=by, now=now, about=member, kind=kind, reason=reason)


@transaction.atomic
def allow(*, member: Member, kind: str, by: Member | None, now: datetime) -> None:
    """Send one kind of message to a member again."""
    if Suppression.objects.filter(member=member, kind=kind).delete()[0]:
        audit.record("message.allowed", by=by, now=now, about=member, kind=kind)
