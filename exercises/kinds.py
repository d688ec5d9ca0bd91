"""Code lists of the room. Codes are stored and sent; labels live beside the models (exercises/models/labels.py)."""

from enum import StrEnum


class Kind(StrEnum):
    """What an exercise is for."""

    WARM_UP = "warm_up"
    MOBILITY = "mobility"
    STRETCH = "stretch"
    STRENGTH = "strength"
    ACTIVITY = "activity"  # walking, cycling, swimming: what keeps a runner moving


class Measure(StrEnum):
    """What one set is counted in: exactly one of these (CLINICAL.md section 4, kind)."""

    REPS = "reps"
    HOLD = "hold"
    TIME = "time"
    DISTANCE = "distance"
    BREATHS = "breaths"


class Side(StrEnum):
    """Which side a dose is for."""

    NONE = "none"  # the movement has no sides
    EACH = "each"  # the whole amount on the left and on the right
    ALTERNATING = "alternating"  # left and right in turn, counted together: 12 are 6 and 6
    LEFT = "left"
    RIGHT = "right"
    BOTH = "both"  # both sides at the same time


class Laterality(StrEnum):
    """Whether a movement has sides, and how they are used."""

    TOGETHER = "together"  # no sides, or both at once
    ONE_SIDE = "one_side"  # one side, then the other
    ALTERNATING = "alternating"  # sides in turn, repetition by repetition


class LoadKind(StrEnum):
    """What the weight of the body is added to."""

    NONE = "none"
    KG = "kg"
    BAND = "band"  # a colour in the clinic's own order: colours are not standard between brands


class Trigger(StrEnum):
    """What starts a block. Only `scheduled` blocks are due; the others wait for a run, or for a stiff back."""

    SCHEDULED = "scheduled"
    BEFORE_RUN = "before_run"
    AFTER_RUN = "after_run"
    IF_STIFF = "if_stiff"


class Pattern(StrEnum):
    """On which days a scheduled block falls."""

    WEEKDAYS = "weekdays"
    PER_WEEK = "per_week"  # so many times a week, on any days
    DAILY = "daily"


class Region(StrEnum):
    """The part of the body that an exercise is for."""

    LOWER_BACK = "lower_back"
    CORE = "core"
    HIP = "hip"
    GLUTES = "glutes"
    HAMSTRINGS = "hamstrings"
    QUADRICEPS = "quadriceps"
    GROIN = "groin"
    CALF = "calf"
    ANKLE = "ankle"
    UPPER_BACK = "upper_back"
    WHOLE_BODY = "whole_body"


class Equipment(StrEnum):
    """What is needed, beyond the body. An empty list means nothing."""

    MAT = "mat"
    FOAM_ROLLER = "foam_roller"
    YOGA_BLOCK = "yoga_block"
    BAND = "band"
    DUMBBELL = "dumbbell"
    BARBELL = "barbell"
    BENCH = "bench"
    STEP = "step"
    STRAP = "strap"
    CHAIR = "chair"
    WALL = "wall"
    BALL = "ball"
    BIKE = "bike"
    CROSS_TRAINER = "cross_trainer"
    POOL = "pool"
    HEAT_PACK = "heat_pack"
    MACHINE = "machine"


class Caution(StrEnum):
    """Why a clinician looks twice before prescribing. A tag warns; it never decides."""

    SPINAL_FLEXION = "spinal_flexion"  # bends the spine, also under load (CLINICAL.md section 0, rows 7, 32, 33)
    SPINAL_EXTENSION = "spinal_extension"
    SPINAL_ROTATION = "spinal_rotation"
    DEEP_HIP_ROTATION = "deep_hip_rotation"
    KNEELING = "kneeling"
    BALANCE = "balance"
    SHOULDER_LOAD = "shoulder_load"
    LOW_TOLERANCE = "low_tolerance"  # often not tolerated with back pain: begin with the easier form
    EXTERNAL_LOAD = "external_load"
    FIRM_PRESSURE = "firm_pressure"  # skin, bruising, blood thinners, brittle bone
    HEAT = "heat"  # skin that feels warmth badly, poor circulation
    IMPACT = "impact"


class Proof(StrEnum):
    """Whose word an exit criterion takes."""

    SELF_REPORT = "self_report"  # the runner's answer
    LOGGED = "logged"  # what a session's log says
    CLINICIAN = "clinician"  # a check by a clinician, seen and signed


class Gauge(StrEnum):
    """What an exit criterion looks at. Units and ranges stand in exercises/rules/criteria.py."""

    NEXT_MORNING_PAIN = "next_morning_pain"
    NEXT_MORNING_RISE = "next_morning_rise"  # points above the runner's usual morning
    SESSION_PEAK_PAIN = "session_peak_pain"
    RUN_PEAK_PAIN = "run_peak_pain"
    SITTING_PAIN = "sitting_pain"
    EFFORT = "effort"
    LEG_SYMPTOMS = "leg_symptoms"
    LIMP = "limp"
    NIGHT_PAIN = "night_pain"
    SESSION_DONE = "session_done"
    RUN_DONE = "run_done"
    WALK_MINUTES = "walk_minutes"
    RUN_MINUTES = "run_minutes"
    HOLD_SECONDS = "hold_seconds"
    REPS_DONE = "reps_done"
    LOAD_KG = "load_kg"
    SINGLE_LEG_STAND_S = "single_leg_stand_s"
    SINGLE_LEG_SQUATS = "single_leg_squats"
    HOPS = "hops"
    JOG_ON_SPOT_S = "jog_on_spot_s"
    MOVEMENT_QUALITY = "movement_quality"
    RED_FLAGS_CLEAR = "red_flags_clear"
    GOAL_REACHED = "goal_reached"
    OTHER = "other"  # only a clinician's check, in its own words


class Operator(StrEnum):
    """How a reading is compared."""

    AT_MOST = "le"
    AT_LEAST = "ge"
    EXACTLY = "eq"
    IS_TRUE = "is_true"
    IS_FALSE = "is_false"


class Origin(StrEnum):
    """How a state of a library row came about."""

    CREATED = "created"
    EDITED = "edited"
    IMPORTED = "imported"
    CATALOGUE = "catalogue"
    RESTORED = "restored"
    RETIRED = "retired"
    BROUGHT_BACK = "brought_back"


class MediaKind(StrEnum):
    """What a clinic can add to an exercise."""

    PHOTO = "photo"
    VIDEO = "video"


class CardKind(StrEnum):
    """What a card to read is about, in the order of the page."""

    KEY_MESSAGE = "key_message"  # the five for the first week
    CAUSE = "cause"
    PREVENTION = "prevention"
    TRAINING = "training"  # what to change in running while the back is sore
    FORM = "form"  # a cue for how to run
    HEALING = "healing"
    HELP = "help"
    FAQ = "faq"


class Factor(StrEnum):
    """What may play a part in a runner's pain. A clinician sets it; software never does (CLINICAL.md section 0)."""

    STRAIN = "strain"
    OVERUSE = "overuse"
    LOAD_SPIKE = "load_spike"
    IMBALANCE = "imbalance"
    WEAKNESS = "weakness"
    TIGHTNESS = "tightness"
    BIOMECHANICS = "biomechanics"
    RUNNING_FORM = "running_form"
    FOOTWEAR = "footwear"
    SURFACE = "surface"
    NO_WARM_UP = "no_warm_up"
    HERNIATED_DISC = "herniated_disc"
    SI_JOINT = "si_joint"
    FACET_JOINT = "facet_joint"
    BONE_STRESS = "bone_stress"
    LOW_ENERGY = "low_energy"
    SITTING = "sitting"
    INACTIVITY = "inactivity"
    STRESS = "stress"
    SLEEP = "sleep"
    MOOD = "mood"
    PAIN_RELIEF = "pain_relief"
    PAIN_PERSISTS = "pain_persists"


class Part(StrEnum):
    """What a catalogue is made of. Cards come together: they have no editor, and refer to each other."""

    EXERCISE = "exercise"
    PROTOCOL = "protocol"
    CARDS = "cards"
