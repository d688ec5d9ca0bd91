"""When to write to a runner who said nothing, and when not to: CLINICAL.md section 3, nudge policy and step N1."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from athletes.rules.localtime import DAY, local_instant, next_day


@dataclass(frozen=True, slots=True)
class NudgePolicy:
    """How a clinic nudges; times are the athlete's wall clock. Defaults: CLINICAL.md section 3, nudge policy and N1.

    It is quiet from `quiet_from` in the evening until `quiet_until` in the morning. `room` is what is left of the
    allowed hours at the latest start, for a mail server that makes us wait. No trial gives a safe frequency: the caps
    are cautious, by convention. `apart` holds for a runner who flies to another zone.
    """

    preferred: time = time(10)
    quiet_until: time = time(8)
    quiet_from: time = time(21)
    per_day: int = 1
    per_week: int = 3
    stop_after_unanswered: int = 3
    room: timedelta = timedelta(minutes=30)
    never_later_than: timedelta = timedelta(hours=12)
    apart: timedelta = timedelta(hours=16)

    def __post_init__(self) -> None:
        if not self.quiet_until < self.quiet_from:
            raise ValueError((self.quiet_until, self.quiet_from))


@dataclass(frozen=True, slots=True)
class Slot:
    """When a nudge may go out: from `due_at` to before `expires_at`, on the athlete's local day `on`."""

    due_at: datetime
    expires_at: datetime
    on: date


@dataclass(frozen=True, slots=True)
class NudgeFacts:
    """What is known of the runner when a nudge is decided.

    `logged`: something was logged since the window closed. `nudged_on`: local days of the nudges already decided.
    `last_nudged_at`: when the newest of them was due. `unanswered_nudges`: how many went out since the last log.
    `alert_open`: a P0, P1 or P2 alert is live; a person is on it, and a reminder to exercise would be wrong.
    """

    now: datetime
    slot: Slot
    logged: bool = False
    paused: bool = False
    on_hold: bool = False
    discharged: bool = False
    opted_out: bool = False
    bounced: bool = False
    alert_open: bool = False
    nudged_on: Sequence[date] = ()
    last_nudged_at: datetime | None = None
    unanswered_nudges: int = 0


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether to send, and in a code why not; `reason` is "unanswered_window" when it is sent."""

    send: bool
    reason: str


def nudge_slot(*, closed_on: date, zone: str, policy: NudgePolicy) -> Slot:
    """Return when to nudge about a window whose last local day was `closed_on`: once, on the next day that exists.

    At the preferred time, moved into the allowed hours. It expires with those hours, or 12 hours later if that is
    sooner: a nudge is never caught up after a long outage.
    """
    on = next_day(closed_on, zone)
    opens_at = local_instant(on, policy.quiet_until, zone)
    closes_at = local_instant(on, policy.quiet_from, zone)
    latest = max(opens_at, closes_at - policy.room)
    due_at = min(max(local_instant(on, policy.preferred, zone), opens_at), latest)
    return Slot(due_at, min(closes_at, due_at + policy.never_later_than), on)


def _fullest_week(facts: NudgeFacts) -> int:
    """Count the nudges in the fullest seven days in a row that hold the slot's day: a cap over any such week."""
    starts = [facts.slot.on - n * DAY for n in range(7)]
    return max(sum(start <= day < start + 7 * DAY for day in facts.nudged_on) for start in starts)


def _too_soon(facts: NudgeFacts, policy: NudgePolicy) -> bool:
    last = facts.last_nudged_at
    return last is not None and abs(facts.slot.due_at - last) < policy.apart


REASONS: tuple[tuple[str, Callable[[NudgeFacts, NudgePolicy], bool]], ...] = (
    ("discharged", lambda facts, _: facts.discharged),
    ("on_hold", lambda facts, _: facts.on_hold),
    ("paused", lambda facts, _: facts.paused),
    ("opted_out", lambda facts, _: facts.opted_out),
    ("bounced", lambda facts, _: facts.bounced),
    ("alert_open", lambda facts, _: facts.alert_open),
    ("logged", lambda facts, _: facts.logged),
    ("too_late", lambda facts, _: facts.now >= facts.slot.expires_at),
    ("day_cap", lambda facts, policy: facts.nudged_on.count(facts.slot.on) >= policy.per_day),
    ("week_cap", lambda facts, policy: _fullest_week(facts) >= policy.per_week),
    ("too_soon", _too_soon),
    ("ignored", lambda facts, policy: facts.unanswered_nudges >= policy.stop_after_unanswered),
)


def decide(facts: NudgeFacts, policy: NudgePolicy) -> Decision:
    """Decide about one nudge. The reason not to send is the first that holds, the weightiest first."""
    for reason, holds in REASONS:
        if holds(facts, policy):
            return Decision(send=False, reason=reason)
    return Decision(send=True, reason="unanswered_window")
