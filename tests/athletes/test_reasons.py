"""The words for what was found."""

from datetime import datetime

import pytest

from athletes.models import Alert
from athletes.templatetags.reasons import event_reason
from athletes.templatetags.words import listed
from tests.cast import Cast
from tests.leaving_out import skip
from tests.telling import prescribe

NAMES = ["Squat", "Plank", "Bridge", "Clam"]


@pytest.mark.parametrize(
    ("n", "most", "says"),
    [
        (1, 2, "Squat"),
        (2, 2, "Squat and Plank"),
        (3, 2, "Squat, Plank and 1 more"),
        (4, 2, "Squat, Plank and 2 more"),
        (3, None, "Squat, Plank and Bridge"),
    ],
)
def test_names_are_listed_and_the_rest_counted(n: int, most: int | None, says: str) -> None:
    assert listed(NAMES[:n], most) == says


@pytest.mark.parametrize(
    ("painful", "says"),
    [
        (["Core 2"], "Core 2 skipped: too painful."),
        (["Core 3", "Core 1"], "Core 1 and Core 3 skipped: too painful."),
        (["Core 1", "Core 2", "Core 3", "Core 4"], "Core 1, Core 2 and 2 more skipped: too painful."),
    ],
)
def test_left_out_exercises_are_named(riverside: Cast, now: datetime, painful: list[str], says: str) -> None:
    part = prescribe(riverside, now=now, title="Core", exercises=4)
    first, again = (skip(riverside, part, now=now, painful=painful) for _ in range(2))
    assert first.findings[0].evidence["exercises"] == again.findings[0].evidence["exercises"] == sorted(painful)
    for event in Alert.objects.get().events.filter(kind__in=("opened", "finding")):
        assert event_reason(event.alert, event) == says


def test_alert_from_before_the_names_were_kept_says_how_many(riverside: Cast, now: datetime) -> None:
    skip(riverside, prescribe(riverside, now=now), now=now, painful=["Strength 1"])
    opened = Alert.objects.get().events.get(kind="opened")
    del opened.detail["exercises"]
    assert event_reason(opened.alert, opened) == "1 exercise skipped: too painful."
