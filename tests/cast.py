"""Two clinics with names. Tests read as sentences about them."""

from dataclasses import dataclass
from datetime import UTC, datetime

from athletes.actions import policies
from athletes.actions.athletes import NewRunner, enrol
from athletes.models import Athlete, CareTie
from clinic.models import Clinic, Member, User
from clinic.roles import Role
from clinic.scope import in_clinic

NOW = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)  # a Tuesday morning
PASSWORD = "a long walk by the river"


@dataclass(frozen=True)
class Cast:
    """Riverside: owner Olive, therapists Tess and Theo, assistant Finn, athlete Ana. Hilltop: Hugo and Ben."""

    riverside: Clinic
    hilltop: Clinic
    olive: Member
    tess: Member
    theo: Member
    finn: Member
    hanna: Member
    hugo: Member
    ana: Athlete
    ben: Athlete


def make_member(name: str, role: str, *, clinic_slug: str, with_user: bool = True) -> Member:
    """Add a member, who has accepted unless said otherwise, to the clinic in scope."""
    email = f"{name.split(maxsplit=1)[0].lower()}@{clinic_slug}.example"
    user = User.objects.create_user(email, PASSWORD) if with_user else None
    return Member.objects.create(user=user, role=role, name=name, email=email, active_from=NOW.date())


def make_athlete(name: str, *, by: Member, clinic_slug: str, with_user: bool = True) -> Athlete:
    """Enrol an athlete in the clinic in scope, in the care of `by`."""
    email = f"{name.split(maxsplit=1)[0].lower()}@{clinic_slug}.example"
    runner = NewRunner(name=name, email=email, phone="+351 555 0142", baseline_morning=2)
    athlete = enrol(runner=runner, by=by, lead=by, now=NOW)
    if with_user:
        athlete.member.user = User.objects.create_user(email, PASSWORD)
        athlete.member.save()
    return athlete


def make_clinic(name: str, slug: str, zone: str) -> Clinic:
    """Add a clinic with its rules."""
    clinic = Clinic.objects.create(
        name=name,
        slug=slug,
        time_zone=zone,
        phone="+44 20 7946 0134",
        reply_to=f"desk@{slug}.example",
        emergency_number="112",
    )
    with in_clinic(clinic.pk):
        policies.adopt_defaults(by=None, now=NOW)
    return clinic


def make_cast() -> Cast:
    """Put everyone in the database. Runs outside every scope."""
    riverside = make_clinic("Riverside", "riverside", "Europe/Lisbon")
    hilltop = make_clinic("Hilltop", "hilltop", "America/New_York")
    with in_clinic(riverside.pk):
        olive = make_member("Olive Hart", Role.OWNER, clinic_slug="riverside")
        tess = make_member("Tess Lindqvist", Role.THERAPIST, clinic_slug="riverside")
        theo = make_member("Theo Marsh", Role.THERAPIST, clinic_slug="riverside")
        finn = make_member("Finn Doyle", Role.ASSISTANT, clinic_slug="riverside")
        ana = make_athlete("Ana Duarte", by=tess, clinic_slug="riverside")
        CareTie.objects.create(athlete=ana, member=theo, part=CareTie.Part.BACKUP, from_on=NOW.date())
    with in_clinic(hilltop.pk):
        hanna = make_member("Hanna Virtanen", Role.OWNER, clinic_slug="hilltop")
        hugo = make_member("Hugo Brandt", Role.THERAPIST, clinic_slug="hilltop")
        ben = make_athlete("Ben Okafor", by=hugo, clinic_slug="hilltop")
    return Cast(riverside, hilltop, olive, tess, theo, finn, hanna, hugo, ana, ben)
