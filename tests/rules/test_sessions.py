"""What a bout amounts to."""

from dataclasses import replace
from datetime import date
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from athletes.rules.findings import Finding
from athletes.rules.sessions import Session, Told, is_worse, outcome
from exercises.kinds import Side

DONE = st.sampled_from(["done", "partly", "skipped"])


def told(*said: str) -> tuple[Told, ...]:
    return tuple(Told(uuid4(), done) for done in said)


@given(st.lists(DONE, min_size=1, max_size=6), st.integers(0, 3))
def test_outcome_is_done_only_if_everything_was(said: list[str], untold: int) -> None:
    result = outcome(told(*said), prescribed=len(said) + untold)
    assert (result == "done") == (set(said) == {"done"} and untold == 0)
    assert (result == "missed") == (set(said) == {"skipped"})
    assert result in ("done", "partly", "missed")


@pytest.mark.parametrize(
    ("prescribed", "done", "said", "kept"),
    [
        (Side.EACH, "done", "", "both"),
        (Side.ALTERNATING, "done", "", "both"),
        (Side.EACH, "done", "left", "left"),
        (Side.EACH, "partly", "right", "right"),
        (Side.ALTERNATING, "partly", "left", "left"),
        (Side.LEFT, "done", "", "left"),
        (Side.RIGHT, "partly", "left", "right"),  # only the right side was prescribed
        (Side.NONE, "done", "left", ""),
        (Side.BOTH, "partly", "left", ""),
        (Side.EACH, "skipped", "left", ""),
    ],
)
def test_side_follows_the_dose(prescribed: Side, done: str, said: str, kept: str) -> None:
    assert Told(uuid4(), done, said).side(prescribed) == kept


def test_what_was_not_said_is_blank_or_unknown_and_never_zero() -> None:
    item = Told(UUID(int=1), "skipped")
    assert (item.side_done, item.skipped_reason) == ("", "")
    bout = Session(UUID(int=1), date(2026, 11, 24), (item,))
    assert (bout.pain_during, bout.pain_after, bout.effort, bout.corrects) == (None, None, None, None)
    assert (bout.stopped_for_pain, bout.note) == (False, "")


BODY = Session(UUID(int=1), date(2026, 11, 24), told("done", "partly"), pain_during=3)


@pytest.mark.parametrize(
    "change",
    [
        {"pain_during": None},
        {"pain_during": 0},
        {"pain_after": 3},
        {"stopped_for_pain": True},
        {"effort": 1},
        {"note": " "},
        {"performed_on": date(2026, 11, 23)},
        {"told": BODY.told[:1]},
        {"told": (replace(BODY.told[0], skipped_reason="ill"), BODY.told[1])},
        {"corrects": UUID(int=2)},
    ],
)
def test_digest_tells_every_difference_but_the_order(change: dict[str, object]) -> None:
    assert replace(BODY, **change).digest() != BODY.digest()
    assert replace(BODY, told=BODY.told[::-1]).digest() == BODY.digest()


def finding(score: int | None, *, stopped: bool) -> Finding:
    return Finding("P1", "P1", {"score": score, "stopped": stopped})


SCORES = st.one_of(st.none(), st.integers(0, 10))


@given(score=SCORES, stopped=st.booleans())
def test_nothing_is_worse_than_itself(*, score: int | None, stopped: bool) -> None:
    said = finding(score, stopped=stopped)
    assert not is_worse(said, said)


@given(SCORES, SCORES)
def test_more_pain_is_worse(a: int | None, b: int | None) -> None:
    higher = a is not None and (b is None or a > b)
    assert is_worse(finding(a, stopped=True), finding(b, stopped=True)) == higher
    assert is_worse(finding(a, stopped=True), finding(a, stopped=False))


def left_out(count: int) -> Finding:
    return Finding("P3", "P3", {"left_out": count})


@given(st.integers(1, 9), st.integers(1, 9), SCORES)
def test_more_left_out_is_worse_and_p1_is_worse_than_p3(a: int, b: int, score: int | None) -> None:
    assert is_worse(left_out(a), left_out(b)) == (a > b)
    assert is_worse(finding(score, stopped=True), left_out(a))
    assert not is_worse(left_out(a), finding(score, stopped=True))


def test_too_painful_is_what_was_skipped_for_that() -> None:
    one, two, three = (
        Told(uuid4(), "skipped", skipped_reason=why) for why in ("too_painful", "too_tired", "too_painful")
    )
    done = Told(uuid4(), "done", skipped_reason="too_painful")  # changed to done afterwards: the reason says nothing
    session = replace(BODY, told=(one, two, three, done))
    assert session.too_painful == {one.prescription, three.prescription}
