"""Who is in the demo, and what happened to them. Data; history.py plays it."""

from dataclasses import dataclass, field

PASSWORD = "a long walk by the river"  # noqa: S105 - the demo's, shown when it starts


@dataclass(frozen=True)
class Staff:
    """Someone who works in a clinic."""

    name: str
    email: str
    role: str


@dataclass(frozen=True)
class Runner:
    """One runner's last thirty days.

    Days count back from today. `answers` is the share of sessions that get a log, `partly` the share of those done in
    part. Pain starts at `pain` and drifts by `drift` points over the thirty days; `events` replaces what is logged on a
    day; `silent_for` days at the end bring no word; `paused_for` days at the end are a pause.
    """

    name: str
    email: str
    lead: str
    backup: str
    protocol: int
    weeks: int
    pain: float
    drift: float
    answers: float
    partly: float = 0.08
    complaint: str = "Low back"
    zone: str = ""
    phone: str = ""
    born: str = ""
    silent_for: int = 0
    paused_for: int = 0
    pause_reason: str = ""
    events: dict[int, "Event"] = field(default_factory=dict)
    changed_dose_days_ago: int | None = None


@dataclass(frozen=True)
class Event:
    """What is logged on one day instead of the usual."""

    pain: int | None = None
    morning: int | None = None
    note: str = ""
    skipped: str = ""
    stopped: bool = False


@dataclass(frozen=True)
class ClinicStory:
    """One clinic with its people."""

    name: str
    slug: str
    kind: str
    zone: str
    country: str
    phone: str
    emergency_number: str
    staff: tuple[Staff, ...]
    runners: tuple[Runner, ...]


RIVERSIDE = ClinicStory(
    name="Riverside",
    slug="riverside",
    kind="Physiotherapy clinic",
    zone="Europe/Lisbon",
    country="PT",
    phone="+351 21 555 0134",
    emergency_number="112",
    staff=(
        Staff("Olive Hart", "olive@riverside.example", "owner"),
        Staff("Tess Lindqvist", "tess@riverside.example", "therapist"),
        Staff("Theo Marsh", "theo@riverside.example", "therapist"),
        Staff("Finn Doyle", "finn@riverside.example", "assistant"),
    ),
    runners=(
        Runner(
            "Ana Duarte",
            "ana@riverside.example",
            "tess",
            "theo",
            1,
            8,
            3,
            -0.4,
            0.86,
            phone="+351 555 0142",
            born="1992-03-14",
            changed_dose_days_ago=11,
        ),
        Runner(
            "Marcus Oyelaran",
            "marcus@riverside.example",
            "tess",
            "theo",
            0,
            3,
            2.4,
            0.6,
            0.8,
            events={0: Event(morning=5, note="Stiff after Sunday's long run.")},
            born="1985-07-02",
        ),
        Runner(
            "Ingrid Solheim",
            "ingrid@riverside.example",
            "tess",
            "theo",
            1,
            6,
            3.4,
            1.2,
            0.62,
            partly=0.2,
            events={
                1: Event(pain=7, stopped=True, note="Sharp on the left when I lifted the hip."),
                4: Event(skipped="too_painful"),
                7: Event(skipped="too_painful"),
            },
            born="1979-11-23",
        ),
        Runner(
            "Rafael Bianchi",
            "rafael@riverside.example",
            "tess",
            "theo",
            1,
            4,
            2.5,
            0,
            0.6,
            silent_for=9,
            born="1990-01-30",
        ),
        Runner(
            "Noor Haddad",
            "noor@riverside.example",
            "tess",
            "theo",
            0,
            4,
            3,
            0.5,
            0.9,
            complaint="Hip and low back",
            born="1996-05-19",
        ),
        Runner(
            "Callum Reid",
            "callum@riverside.example",
            "theo",
            "tess",
            1,
            10,
            2,
            -1,
            0.95,
            born="1988-09-08",
            events={6: Event(morning=4, note="Slept badly."), 20: Event(pain=6, note="Long day in the car before.")},
        ),
        Runner(
            "Yuki Tanabe",
            "yuki@riverside.example",
            "theo",
            "tess",
            1,
            5,
            4,
            0,
            0.72,
            partly=0.18,
            born="1994-12-11",
        ),
        Runner(
            "Hanna Berg",
            "hanna@riverside.example",
            "tess",
            "theo",
            1,
            9,
            1.6,
            -0.6,
            0.92,
            paused_for=6,
            pause_reason="Race week",
            born="1991-04-27",
        ),
        Runner(
            "Tomás Rivas",
            "tomas@riverside.example",
            "tess",
            "theo",
            0,
            1,
            4,
            0,
            0.85,
            zone="Atlantic/Azores",
            born="2000-08-16",
        ),
        Runner(
            "Eilidh Fraser",
            "eilidh@riverside.example",
            "theo",
            "tess",
            1,
            12,
            1,
            -1,
            0.9,
            born="1983-02-05",
        ),
    ),
)

HILLTOP = ClinicStory(
    name="Hilltop",
    slug="hilltop",
    kind="Sports medicine",
    zone="America/New_York",
    country="US",
    phone="+1 212 555 0190",
    emergency_number="911",
    staff=(
        Staff("Hester Vance", "hester@hilltop.example", "owner"),
        Staff("Hugo Brandt", "hugo@hilltop.example", "therapist"),
    ),
    runners=(
        Runner("Ben Okafor", "ben@hilltop.example", "hugo", "hester", 1, 5, 2.6, -0.5, 0.85, born="1987-06-21"),
        Runner("Priya Raman", "priya@hilltop.example", "hugo", "hester", 0, 4, 2.2, -1, 0.95, born="1993-10-03"),
    ),
)

CLINICS = (RIVERSIDE, HILLTOP)
