from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clinic.models import Clinic, Member
from exercises.actions.catalogue import adopt
from exercises.models import Protocol, ProtocolPhase
from tests.cast import Cast

Within = Callable[[Clinic], Any]
SignIn = Callable[[Member], Client]
LIST = "/library/protocols/"


@pytest.fixture
def catalogue(cast: Cast, within: Within, now: datetime) -> Cast:
    """Riverside has adopted the catalogue."""
    with within(cast.riverside):
        adopt(clinic=cast.riverside, by=cast.olive, now=now)
    return cast


def address(cast: Cast, within: Within, code: str) -> str:
    with within(cast.riverside):
        return reverse("exercises:protocol", args=[Protocol.objects.get(code=code).pk])


def queries(browser: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(path).status_code == 200
    return len(captured)


def test_list_shows_every_protocol_with_its_phases(catalogue: Cast, sign_in: SignIn, within: Within) -> None:
    text = sign_in(catalogue.tess).get(LIST).content.decode()
    with within(catalogue.riverside):
        for phase in ProtocolPhase.objects.select_related("protocol"):
            assert phase.name in text
            assert phase.protocol.name in text


def test_page_says_each_gate_by_whose_word_how_often_and_how_fresh(
    catalogue: Cast, sign_in: SignIn, within: Within
) -> None:
    text = sign_in(catalogue.tess).get(address(catalogue, within, "core_hip_strength_8_weeks")).content.decode()
    for words in (
        "Highest pain in a session: 2 of 10 or less",
        "logged, the last 2 times, not older than 7 days",
        "Next morning no worse than usual",
        "Hold, Forearm plank: 30 s or more",
        "clinician’s check, not older than 28 days",
        "Gates are a checklist for the clinician. The portal does not check them yet.",
    ):
        assert words in text


def test_page_tells_the_stages_of_running_and_their_time(catalogue: Cast, sign_in: SignIn, within: Within) -> None:
    page = sign_in(catalogue.ana.member).get(address(catalogue, within, "return_to_running"))
    assert page.status_code == 200
    phases = page.context["phases"]
    assert [phase.row.order for phase in phases] == list(range(1, 9))
    assert phases[1].minutes_a_week == 3 * (10 + 30 + 10)


def test_page_takes_the_same_queries_for_one_phase_and_for_eight(
    catalogue: Cast, sign_in: SignIn, within: Within
) -> None:
    browser = sign_in(catalogue.tess)
    path = address(catalogue, within, "return_to_running")
    many = queries(browser, path)
    with within(catalogue.riverside):
        ProtocolPhase.objects.filter(protocol__code="return_to_running", order__gt=1).delete()
    assert queries(browser, path) == many


def test_list_takes_the_same_queries_for_one_protocol_and_for_all(
    catalogue: Cast, sign_in: SignIn, within: Within
) -> None:
    browser = sign_in(catalogue.tess)
    many = queries(browser, LIST)
    with within(catalogue.riverside):
        Protocol.objects.exclude(code="maintenance").delete()
    assert queries(browser, LIST) == many
