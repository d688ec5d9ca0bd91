"""What time alone brings about: windows that close in silence, alerts nobody answered, runners nobody heard from.

Facts -> rules -> actions, one clinic at a time. A round over what is due is sufficient alone, and two rounds at once do
no harm: decisions have unique keys.
"""

import logging
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from athletes.actions import alerts, doorbell, ledger, owners
from athletes.facts import nudges, silence
from athletes.facts.alerts import lost_rings, unheard
from athletes.facts.thresholds import rules_in_force
from athletes.models import Alert, Athlete, DueSession, EscalationRule
from athletes.rules.findings import Finding
from athletes.rules.nudges import Slot, decide
from athletes.rules.silence import N4Thresholds, assess
from clinic.actions import audit, heartbeats, messages
from clinic.models import Clinic, Heartbeat, Member, Message
from clinic.scope import across_clinics, in_clinic

FULL_EVERY = timedelta(hours=1)
FULL_AGAIN = timedelta(minutes=10)  # after one that failed

log = logging.getLogger(__name__)


@dataclass
class Swept:
    """What a sweep did in one clinic, or would do."""

    closed: list[DueSession] = field(default_factory=list)
    nudges: list[Message] = field(default_factory=list)
    escalated: list[Alert] = field(default_factory=list)
    handed_on: list[Alert] = field(default_factory=list)
    found: list[Alert] = field(default_factory=list)
    extended: int = 0
    other: Counter[str] = field(default_factory=Counter)  # nudges held back by reason, rows that failed

    def counts(self) -> Counter[str]:
        """Return how many of each."""
        mine = Counter(closed=len(self.closed), nudges=len(self.nudges), escalated=len(self.escalated))
        mine.update(handed_on=len(self.handed_on), found=len(self.found), extended=self.extended)
        return mine + self.other

    def lines(self) -> Iterator[str]:
        """Tell each deed in a line, by ids alone."""
        for window in self.closed:
            yield f"close {window.from_on} to {window.until_on} of athlete {window.athlete_id}: unanswered"
        for message in self.nudges:
            yield f"write {message.key}, due {message.due_at:%Y-%m-%d %H:%M} UTC"
        yield from (f"pass on alert {alert.pk} ({alert.kind})" for alert in self.escalated)
        yield from (f"give alert {alert.pk} to member {alert.owner_id}" for alert in self.handed_on)
        yield from (f"open {alert.kind} for athlete {alert.athlete_id}" for alert in self.found)
        if self.extended:
            yield f"add {self.extended} windows to the ledger"
        yield from (f"{reason}: {count}" for reason, count in sorted(self.other.items()))

    @contextmanager
    def sparing_others(self, what: str, pk: UUID, *, writes: bool = True) -> Iterator[None]:
        """Keep what goes wrong with one row from the other rows, and from what was written before it."""
        try:
            with transaction.atomic() if writes else nullcontext():
                yield
        except Exception:
            log.exception("%s %s cannot be swept", what, pk)
            self.other["failed"] += 1


def sweep(*, now: datetime, full: bool | None = None) -> dict[str, int]:
    """Do what time has made due, in every clinic that has some, and return how much.

    `full` also makes the ledger longer and looks for silence, in every clinic; None does so once an hour. A clinic or a
    row that fails does not stop the others, but then the sweep does not count as completed.
    """
    full = _is_full_due(now) if full is None else full
    totals, busy = _round(_clinics_with_work(now, full=full), now=now, full=full)
    later, busy = _round(busy, now=now, full=full)  # another round had them in hand: by now it is further on
    totals += later + Counter(clinics_busy=len(busy))
    failed = any(totals[what] for what in ("clinics_failed", "failed"))
    if full and (failed or not busy):  # busy alone is no failure: the next round is full again
        heartbeats.beat("full_sweep_failed" if failed else "full_sweep", now=now, counts=totals)
    if not failed and not busy:
        heartbeats.beat("sweep", now=now, counts=totals)
    return dict(totals)


def _round(clinics: list[int], *, now: datetime, full: bool) -> tuple[Counter[str], list[int]]:
    """Sweep clinics; return how much was due, and which of them another round had in hand."""
    totals: Counter[str] = Counter()
    busy = []
    for clinic_id in clinics:
        try:
            with in_clinic(clinic_id):
                counts = _sweep_clinic(clinic_id, now=now, full=full).counts()
            if counts.pop("clinics_busy", 0):
                busy.append(clinic_id)
            totals += counts
        except Exception:
            log.exception("clinic %s cannot be swept", clinic_id)
            totals["clinics_failed"] += 1
    return totals, busy


def rehearse(*, now: datetime) -> list[str]:
    """Tell what a sweep at an instant would do. It is done, and taken back."""
    lines: list[str] = []
    full = _is_full_due(now)
    for clinic_id in _clinics_with_work(now, full=full):
        with in_clinic(clinic_id), transaction.atomic():
            slug = Clinic.objects.get(pk=clinic_id).slug
            lines.extend(f"{slug}: {line}" for line in _sweep_clinic(clinic_id, now=now, full=full).lines())
            transaction.set_rollback(True)
    return lines


def _is_full_due(now: datetime) -> bool:
    beats = dict(Heartbeat.objects.values_list("name", "at"))
    waits = {"full_sweep": FULL_EVERY, "full_sweep_failed": FULL_AGAIN}
    # abs: the clock may have been set back
    return all(name not in beats or abs(now - beats[name]) >= wait for name, wait in waits.items())


def _clinics_with_work(now: datetime, *, full: bool) -> list[int]:
    if full:
        return list(Clinic.objects.order_by("pk").values_list("pk", flat=True))
    with across_clinics():
        closing = DueSession.objects.filter(state=DueSession.State.DUE, closes_at__lte=now)
        late = Alert.objects.filter(state=Alert.State.OPEN, escalate_at__lte=now)
        work = (closing, late, lost_rings(now=now))  # what happened to an alert is readable in its clinic alone
        return sorted({pk for rows in work for pk in rows.values_list("clinic", flat=True).distinct()})


def _overdue(now: datetime) -> Any:
    """Alerts whose next in the chain is to be told: nobody answered in time, or the last ring reached nobody."""
    due = Q(escalate_at__lte=now) | Q(escalate_at__gt=now, pk__in=unheard(now=now))
    return Alert.objects.filter(due, state=Alert.State.OPEN)


def _orphans(now: datetime) -> Any:
    """Alerts that are left to someone who left: who owns them, or who said "I have it"."""
    here = Member.objects.active(now.date())
    left = ~Q(owner__in=here) | Q(state=Alert.State.ACKNOWLEDGED) & ~Q(acknowledged_by__in=here)
    return Alert.objects.filter(left, state__in=Alert.LIVE)


def _sweep_clinic(clinic_id: int, *, now: datetime, full: bool) -> Swept:
    done = Swept()
    with transaction.atomic():  # a window that closes and the nudge about it are one decision
        # One sweep of a clinic at a time. NO KEY: rows that point at the clinic can still be written meanwhile.
        free = Clinic.objects.select_for_update(skip_locked=True, no_key=True).filter(pk=clinic_id)
        if (clinic := free.first()) is None:
            done.other["clinics_busy"] += 1
            return done
        rules = rules_in_force()
        done.closed = ledger.close(now=now)
        if (rule := rules.get(EscalationRule.Kind.N1)) is not None:
            _nudge(done, clinic, rule, now)
    for alert in _overdue(now).select_related("athlete", "owner", "clinic").order_by("escalate_at"):
        with done.sparing_others("alert", alert.pk):
            early = alert.escalate_at > now
            done.escalated.append(doorbell.escalate(alert=alert, now=now, unheard=early))
    if full:
        for alert in _orphans(now).select_related("athlete__clinic", "owner"):
            with done.sparing_others("alert", alert.pk):
                done.handed_on.append(owners.hand_on(alert=alert, now=now))
        athletes = Athlete.objects.filter(state=Athlete.State.ACTIVE).select_related("member", "clinic")
        people = list(athletes)
        _extend(done, people, now)
        _find_silence(done, people, rules, now)
    return done


def _nudge(done: Swept, clinic: Clinic, rule: EscalationRule, now: datetime) -> None:
    """Decide about one nudge for each runner whose window closed in silence: about the newest one."""
    if not done.closed:
        return
    # Read again: a log, a hold or an alert that was on its way while the window closed is known now.
    messages.lock(to={row.athlete.member_id for row in done.closed})
    silent = DueSession.objects.filter(pk__in=[row.pk for row in done.closed], state=DueSession.State.UNANSWERED)
    rows = silent.select_related("athlete__member").order_by("until_on")
    newest = {window.athlete_id: window for window in rows}
    pasts = nudges.pasts([window.athlete for window in newest.values()], now=now)
    planned = []
    for athlete_id, window in newest.items():
        with done.sparing_others("athlete", athlete_id, writes=False):
            policy = nudges.policy_of(window.athlete, clinic, rule)
            facts = nudges.facts_of(window, pasts[athlete_id], policy, now=now)
            decision = decide(facts, policy)
            if decision.send:
                planned.append(_message(window.athlete, facts.slot, now))
            else:
                done.other[f"held_back_{decision.reason}"] += 1
    if planned:
        done.nudges = messages.enqueue_all(planned)
        about = {message.recipient_id for message in done.nudges}
        subjects = [window.athlete_id for window in newest.values() if window.athlete.member_id in about]
        audit.record("nudge.decided", by=None, now=now, subjects=subjects)


def _message(athlete: Athlete, slot: Slot, now: datetime) -> Message:
    return Message(
        kind=nudges.KIND,
        key=f"nudge:missed:{athlete.pk}:{slot.on}",
        recipient=athlete.member,
        path=reverse("athletes:today"),
        language=athlete.language,
        delivery=Message.Delivery.AT_MOST_ONCE,
        due_at=slot.due_at,
        expires_at=slot.expires_at,
        created_at=now,
    )


def _extend(done: Swept, people: list[Athlete], now: datetime) -> None:
    """Make the ledger longer for everybody at once, or one by one if somebody's program stands in the way."""
    try:
        with transaction.atomic():
            done.extended = ledger.extend(athletes=people, now=now)
    except Exception:
        log.exception("a ledger cannot be made longer")
        for athlete in people:
            with done.sparing_others("athlete", athlete.pk):
                done.extended += ledger.extend(athletes=[athlete], now=now)


def _find_silence(done: Swept, people: list[Athlete], rules: dict[str, EscalationRule], now: datetime) -> None:
    n4, n5 = silence.thresholds(rules)
    known = silence.answered(now=now)
    read = silence.Silence(now=now, window_days=(n4 or N4Thresholds()).window_days)
    for athlete in people:
        findings: tuple[Finding, ...] = ()
        with done.sparing_others("athlete", athlete.pk, writes=False):
            findings = assess(read.facts_of(athlete), n4, n5)
        for finding in findings:
            if (athlete.pk, finding.kind) not in known:
                with done.sparing_others("athlete", athlete.pk):
                    rule = rules[finding.kind]
                    alert = alerts.open_or_append(athlete=athlete, finding=finding, rule=rule, by=None, now=now)
                    done.found.append(alert)
