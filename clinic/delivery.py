"""Sending what the outbox holds. The rows are the queue: a round over them is sufficient alone, however often it runs.

`due -> claimed (lease) -> handed (committed before DATA) -> sent | due again | failed | unknown`. Each step is a
conditional update of one row: a worker that lost its lease changes nothing. No transaction is open during SMTP.
"""

import logging
import random
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from secrets import token_hex
from time import monotonic
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Case, Exists, F, Min, OuterRef, Q, When
from django.urls import reverse

from clinic import tokens
from clinic.actions import heartbeats
from clinic.channels import Outcome, Post, Result
from clinic.letters import Letter, compose
from clinic.models import Clinic, Member, Message, Suppression
from clinic.scope import across_clinics, in_clinic

LEASE = timedelta(seconds=60)  # and two ticks of beat: a killed worker's row is taken again within 120 s
WAITS = tuple(timedelta(minutes=n) for n in (1, 5, 15, 60))  # the last repeats
BATCH = 20  # rows a clinic gets in its turn: one with much mail does not hold up the others
URGENCY = Case(When(kind="alert", then=0), default=1)  # an alert does not queue behind nudges
TROUBLE = 3  # messages in a row that the server did not answer: then it is the server

log = logging.getLogger(__name__)
State, Delivery = Message.State, Message.Delivery


@dataclass
class Round:
    """One round: when it began, as whom it leases, and what came of it."""

    now: datetime
    worker: str
    jitter: Callable[[], float]
    stopwatch: Callable[[], float]
    counts: Counter[str] = field(default_factory=Counter)
    silent: int = 0
    started: float = field(init=False)

    def __post_init__(self) -> None:
        self.started = self.stopwatch()

    def at(self) -> datetime:
        """Return the instant: a round may take longer than a lease."""
        return self.now + timedelta(seconds=self.stopwatch() - self.started)

    @property
    def is_hopeless(self) -> bool:
        """Whether the server is away, so that going on would only wear the messages down."""
        return bool(self.counts[Outcome.UNREACHABLE]) or self.silent >= TROUBLE


def deliver(
    *,
    now: datetime,
    worker: str = "",
    limit: int = 200,
    jitter: Callable[[], float] = random.random,
    stopwatch: Callable[[], float] = monotonic,
) -> dict[str, int]:
    """Send what is due, at most `limit` messages, and return how many ended in which way.

    `worker` must be this round's alone. `jitter` returns 0 to 1, `stopwatch` seconds. Without a mail server the rows
    stay due as they are and the round writes no heartbeat: it did not do what it is for.
    """
    this = Round(now, worker or token_hex(8), jitter, stopwatch)
    turns = deque(_clinics_with_work(now))
    left = limit
    with Post() as post:
        while turns and left > 0 and not this.is_hopeless:
            clinic_id = turns.popleft()
            claimed, looked_at = _claim(clinic_id, this, min(BATCH, left))
            for message in claimed:
                _send(message, post, this)
            left -= len(claimed)
            if looked_at:
                turns.append(clinic_id)
    if not this.is_hopeless:
        heartbeats.beat("deliver", now=this.at(), counts=this.counts)
    return dict(this.counts)


def rehearse(*, now: datetime) -> list[str]:
    """Tell what a round at an instant would send; changes nothing and names nobody."""
    lines: list[str] = []
    for clinic_id in _clinics_with_work(now):
        with in_clinic(clinic_id):
            slug = Clinic.objects.get(pk=clinic_id).slug
            rows = _judged(Message.objects.filter(_has_work(now)), now).order_by(URGENCY, "due_at", "pk")
            lines.extend(f"{slug}: {row.key}: {_prospect(row, now)}" for row in rows)
    return lines


def _prospect(row: Message, at: datetime) -> str:
    if row.state == State.HANDED and row.delivery == Delivery.AT_MOST_ONCE:
        return "unknown (lost in the DATA window)"
    reason = _why_not(row, at)
    return f"skip ({reason})" if reason else f"send, attempt {row.attempts + 1}"


def _has_work(at: datetime) -> Q:
    leased = Q(state__in=(State.CLAIMED, State.HANDED), lease_until__lte=at)
    return Q(state=State.DUE, due_at__lte=at) | leased


def _clinics_with_work(at: datetime) -> list[int]:
    """Ids of the clinics with something to send: those with alerts, then the longest waiting, first."""
    with across_clinics():
        rows: Any = Message.objects.filter(_has_work(at)).values("clinic_id")
        waiting = rows.annotate(urgency=Min(URGENCY), first=Min("due_at")).order_by("urgency", "first", "clinic_id")
        return list(waiting.values_list("clinic_id", flat=True))


def _claim(clinic_id: int, this: Round, limit: int) -> tuple[list[Message], int]:
    """Lease a clinic's due rows, after giving back those whose lease ran out; tell how many were looked at."""
    at = this.at()
    with in_clinic(clinic_id), transaction.atomic():
        _give_back(this, at)
        due = _judged(Message.objects.filter(state=State.DUE, due_at__lte=at), at).order_by(URGENCY, "due_at", "pk")
        rows = due.select_for_update(skip_locked=True, of=("self",)).select_related("recipient__clinic")[:limit]
        return [row for row in rows if _take(row, this, at)], len(rows)


def _take(row: Message, this: Round, at: datetime) -> bool:
    mine: Any = Message.objects.filter(pk=row.pk, state=State.DUE)
    if reason := _why_not(row, at):
        this.counts["skipped"] += mine.update(state=State.SKIPPED, reason=reason)
        return False
    row.attempts, row.lease_by = row.attempts + 1, this.worker
    lease = {"lease_by": this.worker, "lease_until": at + LEASE}
    return bool(mine.update(state=State.CLAIMED, attempts=row.attempts, reason="", **lease))


def _give_back(this: Round, at: datetime) -> None:
    """Settle rows whose worker vanished: nothing was sent of a claim; of a handed row nobody can know."""
    leased = Message.objects.filter(state__in=(State.CLAIMED, State.HANDED), lease_until__lte=at)
    for row in leased.select_for_update(skip_locked=True):
        changes: dict[str, Any] = {"state": State.DUE}
        if row.state == State.HANDED:
            lost = row.delivery == Delivery.AT_MOST_ONCE
            changes = {"state": State.UNKNOWN if lost else State.DUE, "reason": "lost_in_data"}
            this.counts[Outcome.UNKNOWN] += lost
        same: Any = Message.objects.filter(pk=row.pk, state=row.state, lease_until=row.lease_until)
        same.update(lease_until=None, **changes)


def _send(message: Message, post: Post, this: Round) -> None:
    """Try one message, and settle its row. What goes wrong with it stays with it."""
    if this.is_hopeless:
        return _settle(message, Result(Outcome.UNREACHABLE, "not_tried"), this)
    try:
        mail = compose(letter(message))
    except Exception:  # a broken template or name must not hold up the other messages
        log.exception("message %s cannot be written", message.pk)
        return _settle(message, Result(Outcome.AGAIN, "not_written"), this)
    result = post.send(mail, hand_over=lambda: _hand_over(message, this))
    this.silent = this.silent + 1 if result.outcome in (Outcome.BROKEN, Outcome.UNKNOWN) else 0
    return _settle(message, result, this)


def letter(message: Message) -> Letter:
    """Return what goes into the envelope. A template gets nothing about the recipient, so that it cannot tell it."""
    clinic = message.recipient.clinic
    token = tokens.sign("unsubscribe", clinic_id=clinic.pk, object_id=message.recipient.pk)
    unsubscribe = settings.SITE_URL + reverse("clinic:unsubscribe", args=[token])
    return Letter(
        id=message.pk,
        kind=message.kind,
        to=message.recipient.email,
        language=message.language or clinic.language,
        clinic=clinic.name,
        reply_to=clinic.reply_to,
        link=settings.SITE_URL + message.path,
        unsubscribe_link=unsubscribe if message.kind == "nudge" else "",
        context={"clinic": clinic, "site": settings.SITE_URL},
    )


def _hand_over(message: Message, this: Round) -> bool:
    """Commit that the DATA window opens, unless the reason to write went away: asked in that same statement."""
    at = this.at()
    with in_clinic(message.clinic_id), transaction.atomic():
        mine = _judged(_leased(message, State.CLAIMED), at)
        fresh = mine.filter(Q(expires_at=None) | Q(expires_at__gt=at))
        if fresh.filter(is_here=True, is_unwanted=False).update(state=State.HANDED, lease_until=at + LEASE):
            return True
        reason = _why_not(row, at) if (row := mine.first()) else ""
        skipped = reason and mine.update(state=State.SKIPPED, lease_until=None, reason=reason)
        this.counts["skipped" if skipped else "lost_lease"] += 1
        return False


def _judged(rows: Any, at: datetime) -> Any:
    """Add to messages whether the recipient is still a member, and wants none of the kind."""
    here = Member.objects.active(at.date()).filter(pk=OuterRef("recipient"))
    unwanted = Suppression.objects.filter(member=OuterRef("recipient"), kind=OuterRef("kind"))
    return rows.annotate(is_here=Exists(here), is_unwanted=Exists(unwanted))


def _why_not(row: Any, at: datetime) -> str:
    if row.expires_at is not None and row.expires_at <= at:
        return "expired"
    if row.is_unwanted:
        return "suppressed"
    return "" if row.is_here else "inactive"


def _settle(message: Message, result: Result, this: Round) -> None:
    """Write down what came of an attempt, if the row is still ours."""
    if (outcome := result.outcome) == Outcome.WITHHELD:
        return
    lost = outcome == Outcome.UNKNOWN and message.delivery == Delivery.AT_LEAST_ONCE
    if outcome == Outcome.BROKEN or lost:
        outcome = Outcome.AGAIN  # under the same Message-ID
    at = this.at()
    changes: dict[str, Any] = {"reason": result.reason, "lease_until": None}
    if outcome == Outcome.AGAIN:
        changes |= _later(message, at, this.jitter())
    elif outcome == Outcome.UNREACHABLE:
        changes |= {"state": State.DUE, "attempts": F("attempts") - 1}
    else:
        changes["state"] = State(outcome)
        changes["sent_at"] = at if outcome == Outcome.SENT else None
    with in_clinic(message.clinic_id):
        # A lease that ran out while the server answered made the row unknown; its answer is still the truth.
        settled = _leased(message, State.CLAIMED, State.HANDED, State.UNKNOWN).update(**changes)
    this.counts[outcome if settled else "lost_lease"] += 1


def _leased(message: Message, *states: str) -> Any:
    return Message.objects.filter(pk=message.pk, lease_by=message.lease_by, attempts=message.attempts, state__in=states)


def _later(message: Message, at: datetime, jitter: float) -> dict[str, Any]:
    """Return when to try again: after the wait, give or take a tenth, or never if it would be stale by then."""
    wait = WAITS[min(message.attempts, len(WAITS)) - 1] * (0.9 + 0.2 * jitter)
    if message.expires_at is not None and at + wait >= message.expires_at:
        return {"state": State.FAILED}
    return {"state": State.DUE, "due_at": at + wait}
