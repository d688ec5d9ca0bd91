"""Who is in the demo, brought in by the actions that bring anybody in."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

from athletes.actions import admissions, policies
from athletes.actions.athletes import NewRunner
from athletes.models import Athlete, CareTie
from athletes.rules.windows import local_date
from clinic.actions import clinics
from clinic.models import Clinic, Member, User
from clinic.roles import Role
from clinic.scope import in_clinic
from exercises.actions import catalogue
from exercises.models import Protocol
from portal.demo import edition
from portal.demo.stories import CLINICS, ClinicStory, Runner

DAYS = 30
SEED = 71
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


def open_clinic(story: ClinicStory, password: str, now: datetime) -> Clinic:
    """Make a clinic with its staff, its library and its rules, over a year ago."""
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
        if story is CLINICS[0]:
            catalogue.adopt(clinic=clinic, by=member, now=began, catalogue=edition.last_years())
            edition.make_own(by=member, now=began + timedelta(days=DAYS))
        else:
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


def admit(story: ClinicStory, clinic: Clinic, password: str, days_ago: int, now: datetime) -> Iterator[Player]:
    """Admit the runners whose care begins so many days ago."""
    staff = {member.email.split("@")[0]: member for member in Member.objects.staff()}
    for number, runner in enumerate(story.runners):
        if min(runner.weeks * 7 - 3, DAYS) == days_ago:
            dice = Random(f"{SEED}{story.slug}{number}")  # noqa: S311 - believable, not secret
            athlete = _enrol(runner, staff, password, instant(story.zone, now, days_ago, time(6)), now)
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


def instant(zone: str, now: datetime, days_ago: int, at: time) -> datetime:
    """Return a time of day on a zone's wall, so many days ago."""
    day = local_date(now, zone) - timedelta(days=days_ago)
    return datetime.combine(day, at, ZoneInfo(zone))


def accounts() -> list[str]:
    """The people to sign in as."""
    people = [(story.name, person.name, person.email, person.role) for story in CLINICS for person in story.staff]
    people += [
        (story.name, runner.name, runner.email, Role.ATHLETE) for story in CLINICS for runner in story.runners[:2]
    ]
    return [f"{email:<28} {name}, {role} at {clinic}" for clinic, name, email, role in people]
