"""Plays the stories: every row is made by the action that makes it in earnest, at the time it would have happened."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import F, Q

from athletes import sweeps
from athletes.actions import admissions, alerts, athletes, care, drafts, pain, policies, sessions
from athletes.actions.athletes import NewRunner
from athletes.facts.programs import latest, plan_of
from athletes.models import (
    Alert,
    Athlete,
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
from clinic.actions import clinics
from clinic.models import Clinic, Member, Message, User
from clinic.roles import Role
from clinic.scope import in_clinic
from exercises.actions import catalogue
from exercises.models import Protocol
from portal.demo.changes import easier
from portal.demo.stories import CLINICS, PASSWORD, ClinicStory, Event, Runner

DAYS = 30
SEED = 71
MORNING, EVENING, NIGHT = time(7, 30), time(18, 30), time(23, 59)
PROTOCOLS = ("calm_and_move", "core_hip_strength_8_weeks")


@dataclass
class Player:
    """One runner as the play goes on."""

    story: Runner
    athlete: Athlete
    dice: Random
    clinic: Clinic

    def pain_on(self, days_ago: int) -> int:
        """The runner's pain that day: where the story puts it, and a little chance."""
        drifted = self.story.pain + self.story.drift * (DAYS - days_ago) / DAYS
        return max(0, min(5, round(drifted + self.dice.choice((-0.6, -0.2, 0, 0.2, 0.6)))))

    def uuid(self) -> UUID:
        """A client id that is the same in every demo."""
        return UUID(int=self.dice.getrandbits(128), version=4)


@transaction.atomic
def play(*, now: datetime) -> None:
    """Make both clinics and their last thirty days up to `now`. Runs outside every scope, on an empty database."""
    password = make_password(PASSWORD)  # once: it is slow on purpose
    cast = {story.slug: _open(story, password, now) for story in CLINICS}
    players: list[Player] = []
    for days_ago in range(DAYS, -1, -1):
        for story in CLINICS:
            with in_clinic(cast[story.slug].pk):
                players += _admit(story, cast[story.slug], password, days_ago, now)
        for story in CLINICS:
            with in_clinic(cast[story.slug].pk):
                _day([p for p in players if p.clinic.slug == story.slug], days_ago, now)
        if (night := _instant(CLINICS[0].zone, now, days_ago, NIGHT) + timedelta(hours=8)) <= now:
            sweeps.sweep(now=night, full=True)
    for story in CLINICS:
        with in_clinic(cast[story.slug].pk):
            _settle(now)


def _open(story: ClinicStory, password: str, now: datetime) -> Clinic:
    began = now - timedelta(days=400)
    owner = story.staff[0]
    clinic, member = clinics.create(
        name=story.name,
        owner_email=owner.email,
        owner_name=owner.name,
        now=began,
        slug=story.slug,
        kind=story.kind,
        time_zone=story.zone,
        country=story.country,
        phone=story.phone,
        emergency_number=story.emergency_number,
        reply_to=f"desk@{story.slug}.example",
    )
    with in_clinic(clinic.pk):
        catalogue.adopt(clinic=clinic, by=member, now=began)
        policies.adopt_defaults(by=member, now=began)
        _give_user(member, password)
        for person in story.staff[1:]:
            colleague = Member.objects.create(
                role=person.role, name=person.name, email=person.email, active_from=began.date()
            )
            _give_user(colleague, password)
    return clinic


def _give_user(member: Member, password: str) -> None:
    member.user = User.objects.create(email=member.email, password=password)
    member.save(update_fields=["user"])


def _admit(story: ClinicStory, clinic: Clinic, password: str, days_ago: int, now: datetime) -> Iterator[Player]:
    staff = {member.email.split("@")[0]: member for member in Member.objects.staff()}
    for number, runner in enumerate(story.runners):
        if min(runner.weeks * 7 - 3, DAYS) == days_ago:
            dice = Random(f"{SEED}{story.slug}{number}")  # noqa: S311 - believable, not secret
            athlete = _enrol(runner, staff, password, _instant(story.zone, now, days_ago, time(6)), now)
            yield Player(runner, athlete, dice, clinic)


def _enrol(runner: Runner, staff: dict[str, Member], password: str, then: datetime, now: datetime) -> Athlete:
    who = NewRunner(
        name=runner.name,
        email=runner.email,
        complaint=runner.complaint,
        phone=runner.phone,
        birth_on=date.fromisoformat(runner.born) if runner.born else None,
        time_zone=runner.zone,
        baseline_morning=round(runner.pain),
    )
    protocol = Protocol.objects.get(code=PROTOCOLS[runner.protocol])
    lead = staff[runner.lead]
    admitted = admissions.admit(
        runner=who, lead=lead, protocol=protocol, starts_on=local_date(then, lead.clinic.time_zone), by=lead, now=then
    )
    athlete = admitted.athlete
    _give_user(athlete.member, password)
    began = local_date(now, athlete.time_zone) - timedelta(days=runner.weeks * 7 - 3)
    Athlete.objects.filter(pk=athlete.pk).update(started_on=began)
    backup = staff[runner.backup]
    CareTie.objects.create(athlete=athlete, member=backup, part=CareTie.Part.BACKUP, from_on=then.date())
    return athlete


def _day(players: list[Player], days_ago: int, now: datetime) -> None:
    for player in players:
        story, zone = player.story, player.athlete.time_zone
        morning, evening = (_instant(zone, now, days_ago, at) for at in (MORNING, EVENING))
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
    """What is old was read and sent: alerts answered within their target, mail gone."""
    urgent = Q(level__in=("P1", "P2"), opened_at__lt=now - timedelta(days=2))
    late = Q(level="P4", opened_at__lt=now - timedelta(days=8))
    for alert in Alert.objects.filter(urgent | late).select_related("athlete", "owner"):
        care.require_tie(alert.athlete, alert.owner, now)
        alerts.acknowledge(alert=alert, by=alert.owner, now=alert.opened_at + timedelta(hours=2))
        alerts.resolve(
            alert=alert,
            outcome=Alert.Outcome.TALKED,
            note="Talked on the phone. Settled, keep the dose.",
            by=alert.owner,
            now=alert.opened_at + timedelta(hours=3),
        )
    waiting = Message.objects.filter(state=Message.State.DUE, due_at__lt=now)
    waiting.update(state=Message.State.SENT, sent_at=F("due_at"), attempts=1)


def _instant(zone: str, now: datetime, days_ago: int, at: time) -> datetime:
    day = local_date(now, zone) - timedelta(days=days_ago)
    return datetime.combine(day, at, ZoneInfo(zone))


def accounts() -> list[str]:
    """The people to sign in as."""
    people = [(story.name, person.name, person.email, person.role) for story in CLINICS for person in story.staff]
    people += [
        (story.name, runner.name, runner.email, Role.ATHLETE) for story in CLINICS for runner in story.runners[:2]
    ]
    return [f"{email:<28} {name}, {role} at {clinic}" for clinic, name, email, role in people]
