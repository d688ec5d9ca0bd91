"""Why a runner stands where they stand: the first reason that holds, and what each filter keeps."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from athletes.rules.triage import FILTERS, GROUPS, UNCLINICAL, Reason, Standing

TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 7, tzinfo=UTC)
CALM = Standing(
    pk=UUID(int=1),
    name="Ana Duarte",
    state="active",
    started_on=TODAY - timedelta(days=30),
    last_logged_at=NOW,
    has_user=True,
    open_level=None,
    open_since=None,
    has_seen=False,
    has_program=True,
    is_paused=False,
    has_silence=False,
    is_sore=False,
)
standings = st.builds(
    replace,
    st.just(CALM),
    state=st.sampled_from(["active", "on_hold", "discharged"]),
    open_level=st.sampled_from([None, "P0", "P1", "P4"]),
    has_user=st.booleans(),
    has_seen=st.booleans(),
    has_program=st.booleans(),
    is_paused=st.booleans(),
    has_silence=st.booleans(),
    is_sore=st.booleans(),
)


@pytest.mark.parametrize(
    ("what", "reason"),
    [
        ({}, Reason.NONE),
        ({"open_level": "P4"}, Reason.ALERT),
        ({"open_level": "P1", "has_seen": True, "has_silence": True, "is_sore": True}, Reason.ALERT),
        ({"has_seen": True, "has_silence": True}, Reason.SEEN),
        ({"has_silence": True, "is_sore": True}, Reason.SILENT),
        ({"has_silence": True, "is_paused": True}, Reason.PAUSED),
        ({"has_silence": True, "state": "on_hold"}, Reason.ON_HOLD),
        ({"is_sore": True, "is_paused": True}, Reason.PAIN),
        ({"has_program": False, "has_user": False}, Reason.NO_PROGRAM),
        ({"has_user": False}, Reason.NOT_SIGNED_IN),
        ({"started_on": TODAY - timedelta(days=6)}, Reason.NEW),
        ({"started_on": TODAY - timedelta(days=7)}, Reason.NONE),
        ({"started_on": TODAY, "is_paused": True}, Reason.PAUSED),
        ({"state": "discharged", "is_sore": True, "has_program": False}, Reason.DISCHARGED),
        ({"state": "discharged", "open_level": "P1"}, Reason.ALERT),  # an alert outlives a discharge
        ({"state": "discharged", "has_seen": True}, Reason.SEEN),
    ],
)
def test_first_reason_that_holds_is_the_one(what: dict[str, Any], reason: Reason) -> None:
    assert replace(CALM, **what).reason(TODAY) == reason


@given(standings)
def test_everybody_is_in_care_or_has_left(who: Standing) -> None:
    left = who.reason(TODAY).group == "left"
    assert left != FILTERS["all"](who)
    assert (who.reason(TODAY).group == "needs") == (who.open_level is not None)


@given(standings)
def test_who_is_away_or_gone_is_not_silent(who: Standing) -> None:
    if who.is_paused or who.state != "active":
        assert not FILTERS["silent"](who)


def test_order_is_by_reason_then_level_then_age_then_name() -> None:
    later = NOW + timedelta(hours=1)
    rows = [
        replace(CALM, open_level="P1", open_since=later, name="A"),
        replace(CALM, open_level="P1", open_since=NOW, name="B"),
        replace(CALM, open_level="P2", open_since=NOW, name="C"),
        replace(CALM, has_seen=True, name="D"),
        replace(CALM, name="ada"),
        replace(CALM, name="Zoe"),
    ]
    names = [who.name for who in sorted(rows, key=lambda who: who.order(TODAY))]
    assert names == ["B", "A", "C", "D", "ada", "Zoe"]


def test_every_reason_has_one_group_in_order_of_urgency() -> None:
    assert [reason.group for reason in sorted(Reason)] == ["needs", *["watch"] * 6, *["track"] * 3, "left"]
    assert {reason.group for reason in Reason} == set(GROUPS)


def test_what_an_assistant_may_filter_by_tells_nothing_of_pain_or_alerts() -> None:
    hurt = replace(CALM, open_level="P1", open_since=NOW, has_seen=True, is_sore=True)
    for name in UNCLINICAL:
        assert FILTERS[name](hurt) == FILTERS[name](CALM)
