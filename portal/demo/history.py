"""Plays the stories: every row is made by the action that makes it in earnest, at the time it would have happened."""

from datetime import datetime, time, timedelta

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import F, Q

from athletes import sweeps
from athletes.actions import alerts, athletes, care, drafts, pain, sessions
from athletes.facts.programs import latest, plan_of
from athletes.models import (
    Alert,
    Block,
    CareTie,
    DueSession,
    Entry,
    PainReport,
    Prescription,
    Program,
    ProgramVersion,
    SessionLog,
)
from athletes.rules.windows import local_date
from clinic.models import Message
from clinic.scope import in_clinic
from portal.demo.changes import easier
from portal.demo.people import DAYS, Player, admit, instant, open_clinic
from portal.demo.stories import CLINICS, PASSWORD, Event

MORNING, EVENING, NIGHT = time(7, 30), time(18, 30), time(23, 59)


@transaction.atomic
def play(*, now: datetime) -> None:
    """Make both clinics and their last thirty days up to `now`. Runs outside every scope, on an empty database."""
    password = make_password(PASSWORD)  # once: it is slow on purpose
    cast = {story.slug: open_clinic(story, password, now) for story in CLINICS}
    players: list[Player] = []
    for days_ago in range(DAYS, -1, -1):
        for story in CLINICS:
            with in_clinic(cast[story.slug].pk):
                players += admit(story, cast[story.slug], password, days_ago, now)
        for story in CLINICS:
            with in_clinic(cast[story.slug].pk):
                _day([p for p in players if p.clinic.slug == story.slug], days_ago, now)
                _settle(now)  # before the night's sweep, which passes on what nobody answered
        if (night := instant(CLINICS[0].zone, now, days_ago, NIGHT) + timedelta(hours=8)) <= now:
            sweeps.sweep(now=night, full=True)
    for story in CLINICS:
        with in_clinic(cast[story.slug].pk):
            waiting = Message.objects.filter(state=Message.State.DUE, due_at__lt=now)
            waiting.update(state=Message.State.SENT, sent_at=F("due_at"), attempts=1)


def _day(players: list[Player], days_ago: int, now: datetime) -> None:
    for player in players:
        story, zone = player.story, player.athlete.time_zone
        morning, evening = (instant(zone, now, days_ago, at) for at in (MORNING, EVENING))
        if story.paused_for and days_ago == story.paused_for and morning <= now:
            _pause(player, morning)
        if days_ago < max(story.silent_for, story.paused_for):
            continue
        event = story.events.get(days_ago, Event())
        if morning <= now:
            _answer_morning(player, event, days_ago, morning)
            if story.changed_dose_days_ago == days_ago:
                _change_dose(player, morning)
        if evening <= now:
            _log_due(player, event, days_ago, evening)


def _pause(player: Player, at: datetime) -> None:
    lead = CareTie.objects.get(athlete=player.athlete, part=CareTie.Part.LEAD).member
    today = local_date(at, player.athlete.time_zone)
    until = today + timedelta(days=player.story.paused_for + 3)
    athletes.pause(
        athlete=player.athlete, from_on=today, until_on=until, reason=player.story.pause_reason, by=lead, now=at
    )


def _answer_morning(player: Player, event: Event, days_ago: int, at: datetime) -> None:
    today = local_date(at, player.athlete.time_zone)
    logged = SessionLog.objects.filter(athlete=player.athlete, performed_on=today - timedelta(days=1)).exists()
    if event.morning is None and not (logged and player.dice.random() < player.story.answers):
        return
    score = event.morning if event.morning is not None else max(0, player.pain_on(days_ago) - 1)
    answer = pain.Answer(
        client_id=player.uuid(),
        context=PainReport.Context.NEXT_MORNING,
        score=score,
        about_on=today,
        note=event.note if event.morning is not None else "",
    )
    pain.report(athlete=player.athlete, answer=answer, by=player.athlete.member, now=at)


def _log_due(player: Player, event: Event, days_ago: int, at: datetime) -> None:
    today = local_date(at, player.athlete.time_zone)
    due = DueSession.objects.filter(
        athlete=player.athlete, state=DueSession.State.DUE, from_on__lte=today, until_on__gte=today
    )
    rows = list(due.select_related("block").order_by("block__order", "slot"))
    told = event.pain is not None or bool(event.skipped)
    for number, row in enumerate(rows):
        left = (row.until_on - today).days + 1
        if (told and number == 0) or player.dice.random() < player.story.answers / left:
            _log(player, row.block, event if number == 0 else Event(), days_ago, at + timedelta(minutes=7 * number))
    if told and not rows:  # one more than was due: it happens
        edition = ProgramVersion.objects.filter(program__athlete=player.athlete, state="published").latest("number")
        _log(player, edition.blocks.order_by("order")[0], event, days_ago, at)


def _log(player: Player, block: Block, event: Event, days_ago: int, at: datetime) -> None:
    lines = list(block.prescriptions.order_by("order"))
    slack = player.dice.randrange(len(lines)) if player.dice.random() < player.story.partly else None
    usual = player.pain_on(days_ago)
    during = event.pain if event.pain is not None else usual
    session = sessions.Session(
        client_id=player.uuid(),
        performed_on=local_date(at, player.athlete.time_zone),
        told=tuple(_told(line, event, cut=number == slack) for number, line in enumerate(lines)),
        pain_during=None if event.skipped else during,
        pain_after=None if event.skipped else max(0, during - player.dice.choice((0, 1, 1, 2))),
        stopped_for_pain=event.stopped,
        effort=None if event.skipped else player.dice.choice((2, 3, 3, 3, 4)),
        note=event.note,
    )
    sessions.log(
        athlete=player.athlete,
        block=block,
        lines=lines,
        session=session,
        source=SessionLog.Source.PAGE,
        by=player.athlete.member,
        now=at,
    )


def _told(line: Prescription, event: Event, *, cut: bool) -> sessions.Told:
    if event.skipped:
        return sessions.Told(line.pk, Entry.Done.SKIPPED, skipped_reason=event.skipped)
    sides = "both" if line.side in ("each", "alternating") else ""
    return sessions.Told(line.pk, Entry.Done.PARTLY if cut else Entry.Done.DONE, side_done=sides)


def _change_dose(player: Player, at: datetime) -> None:
    """The lead publishes a second edition with an easier dose, and says why."""
    program = Program.objects.get(athlete=player.athlete)
    lead = CareTie.objects.get(athlete=player.athlete, part=CareTie.Part.LEAD).member
    drafts.open_draft(program=program, by=lead, now=at)
    drafts.publish(
        program=program,
        plan=easier(plan_of(latest(program))),
        seen=drafts.seen_now(program),
        effective_on=local_date(at, player.athlete.time_zone),
        reason="Fewer repetitions until mornings are calm again.",
        by=lead,
        now=at,
    )


def _settle(now: datetime) -> None:
    """What is two days old by now was answered within its target; of silence, what is eight days old."""
    urgent = Q(level__in=("P1", "P2", "P3"), opened_at__lt=now - timedelta(days=2))
    late = Q(level="P4", opened_at__lt=now - timedelta(days=8))
    for alert in Alert.objects.filter(urgent | late, state__in=Alert.LIVE).select_related("athlete", "owner"):
        care.require_tie(alert.athlete, alert.owner, now)
        alerts.acknowledge(alert=alert, by=alert.owner, now=alert.opened_at + timedelta(hours=2))
        alerts.resolve(
            alert=alert,
            outcome=Alert.Outcome.TALKED,
            note="Talked on the phone. Settled, keep the dose.",
            by=alert.owner,
            now=alert.opened_at + timedelta(hours=3),
        )
