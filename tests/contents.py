"""Exercises and protocols of every shape, for tests with properties."""

from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from exercises.kinds import (
    Caution,
    Equipment,
    Gauge,
    Kind,
    Laterality,
    LoadKind,
    Measure,
    Operator,
    Pattern,
    Proof,
    Region,
    Trigger,
)
from exercises.rules import dose as rule
from exercises.rules.content import BlockContent, ExerciseContent, ItemContent, PhaseContent, ProtocolContent
from exercises.rules.criteria import Criterion
from exercises.rules.dose import Dose
from exercises.rules.schedule import Schedule

# Signs that files trip over, beside letters of several alphabets.
SIGNS = st.sampled_from("=+-@'\"\t;,|#\N{FULLWIDTH EQUALS SIGN}\N{EURO SIGN}\N{LATIN SMALL LETTER U WITH DIAERESIS}")
LETTERS = st.characters(blacklist_categories=("Cc", "Cs", "Zl", "Zp", "Zs"), blacklist_characters="\ufffe\uffff\ufeff")
CODES = ("plank", "side_plank", "bird-dog", "calf_raise", "1_leg_squat")


def lines(longest: int = 40) -> st.SearchStrategy[str]:
    """One tidy line that says something."""
    return st.text(SIGNS | LETTERS | st.just(" "), min_size=1, max_size=longest).map(str.strip).filter(bool)


def texts() -> st.SearchStrategy[str]:
    """Nothing, or tidy paragraphs."""
    return st.lists(lines(), max_size=3).map("\n".join)


def some(kind: Any, most: int = 4) -> st.SearchStrategy[Any]:
    """Some codes of a list, each once."""
    return st.lists(st.sampled_from(list(kind)), unique=True, max_size=most).map(tuple)


@st.composite
def doses(draw: st.DrawFn, laterality: Laterality) -> Dose:
    """A dose that suits a movement."""
    measure = draw(st.sampled_from(Measure))
    needed, allowed = rule.AMOUNTS[measure]
    amounts = {name: draw(st.integers(*rule.RANGES[name])) for name in (needed, *sorted(allowed)) if name != "reps_max"}
    amounts = {name: value for name, value in amounts.items() if name == needed or draw(st.booleans())}
    if measure == Measure.REPS and draw(st.booleans()):
        amounts["reps_max"] = draw(st.integers(amounts["reps"], rule.REPS[1]))
    sets = draw(st.integers(*rule.SETS))
    series: tuple[int, ...] = ()
    if measure in rule.PATTERNED and draw(st.booleans()):
        series = tuple(draw(st.lists(st.integers(*rule.REPS), min_size=sets, max_size=sets)))
        amounts = {name: value for name, value in amounts.items() if name not in {"reps", "reps_max"}}
    load = draw(st.sampled_from(LoadKind))
    return Dose(
        measure=measure,
        sets=sets,
        reps_pattern=series,
        side=draw(st.sampled_from(sorted(rule.SIDES[laterality]))),
        rest_s=draw(st.integers(*rule.REST_S)),
        tempo=draw(st.sampled_from(["", "3-1-X-0"])) if measure == Measure.REPS else "",
        load_kind=load,
        load_kg=draw(st.sampled_from([Decimal("2.5"), Decimal(40), Decimal("0.25")])) if load == LoadKind.KG else None,
        band=draw(lines(rule.BAND_LENGTH)) if load == LoadKind.BAND else "",
        effort_rpe=draw(st.none() | st.integers(*rule.EFFORT_RPE)),
        **amounts,
    )


@st.composite
def exercises(
    draw: st.DrawFn, code: str, easier: tuple[str, ...] = (), *, as_sided_as: ExerciseContent | None = None
) -> ExerciseContent:
    """An exercise of a code, with some of the easier forms that are named."""
    sides = [one for one in Laterality if as_sided_as is None or is_sided(one) == is_sided(as_sided_as.laterality)]
    laterality = draw(st.sampled_from(sides))
    content = ExerciseContent(
        code=code,
        name=draw(lines()),
        kind=draw(st.sampled_from(Kind)),
        laterality=laterality,
        regions=draw(some(Region)),
        equipment=draw(some(Equipment)),
        steps=tuple(draw(st.lists(lines(), min_size=1, max_size=3))),
        cues=tuple(draw(st.lists(lines(), max_size=2))),
        mistakes=tuple(draw(st.lists(lines(), max_size=2))),
        caution_tags=draw(some(Caution)),
        avoid_when=draw(texts()),
        dose=draw(doses(laterality)),
        dose_source=draw(st.just("") | lines()),
        figure=draw(st.sampled_from(["", "plank"])),
        easier=draw(some(easier)) if easier else (),
        source=draw(st.just("") | lines()),
        licence=draw(st.just("") | lines()),
    )
    content.validate()
    return content


def is_sided(laterality: Laterality) -> bool:
    """Whether a movement has sides: that never changes."""
    return laterality != Laterality.TOGETHER


@st.composite
def libraries(draw: st.DrawFn) -> tuple[ExerciseContent, ...]:
    """Some exercises with ladders between them that go up only."""
    codes = draw(st.lists(st.sampled_from(CODES), unique=True, min_size=1))
    return tuple(draw(exercises(code, tuple(codes[:n]))) for n, code in enumerate(codes))


SCHEDULES = st.sampled_from(
    [
        Schedule(pattern=Pattern.DAILY, times_per_day=2),
        Schedule(pattern=Pattern.WEEKDAYS, weekdays=(0, 2, 6)),
        Schedule(pattern=Pattern.PER_WEEK, per_week=3),
        Schedule(trigger=Trigger.BEFORE_RUN),
        Schedule(trigger=Trigger.IF_STIFF),
    ]
)


def criteria(known: tuple[ExerciseContent, ...]) -> st.SearchStrategy[Criterion]:
    """A gate in a clinician's words, or a counted one."""
    said = lines().map(
        lambda text: Criterion(kind=Proof.CLINICIAN, what=Gauge.OTHER, operator=Operator.IS_TRUE, text=text)
    )
    counted = Criterion(
        kind=Proof.SELF_REPORT,
        what=Gauge.NEXT_MORNING_PAIN,
        operator=Operator.AT_MOST,
        threshold=2,
        times=3,
        in_a_row=True,
    )
    held = Criterion(
        kind=Proof.LOGGED, what=Gauge.HOLD_SECONDS, operator=Operator.AT_LEAST, threshold=30, exercise=known[0].code
    )
    return said | st.sampled_from([counted, held])


@st.composite
def protocols(draw: st.DrawFn, code: str, known: tuple[ExerciseContent, ...]) -> ProtocolContent:
    """A protocol of exercises that are there."""

    def item() -> ItemContent:
        exercise = draw(st.sampled_from(known))
        dose = draw(doses(exercise.laterality))
        note = draw(st.just("") | lines())
        return ItemContent(exercise=exercise.code, dose=dose, note=note, in_bad_day_set=draw(st.booleans()))

    def block() -> BlockContent:
        count = draw(st.integers(1, 2))
        return BlockContent(title=draw(lines()), schedule=draw(SCHEDULES), items=tuple(item() for _ in range(count)))

    def phase() -> PhaseContent:
        gates = tuple(draw(st.lists(criteria(known), max_size=2)))
        count = draw(st.integers(1, 2))
        return PhaseContent(name=draw(lines()), exit_criteria=gates, blocks=tuple(block() for _ in range(count)))

    content = ProtocolContent(
        code=code,
        name=draw(lines()),
        summary=draw(texts()),
        audience=draw(st.just("") | lines()),
        source=draw(texts()),
        phases=tuple(phase() for _ in range(draw(st.integers(1, 2)))),
    )
    content.validate()
    return content
