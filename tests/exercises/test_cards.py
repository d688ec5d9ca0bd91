from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clinic.models import AuditEvent
from exercises.actions import cards
from exercises.catalogue import load
from exercises.catalogue.cards import cards as read
from exercises.errors import CatalogueError
from exercises.kinds import CardKind, Caution, Factor, Kind
from exercises.models import EducationCard
from exercises.models.labels_education import CARD_KINDS, FACTORS
from tests.cast import Cast

CARDS = load().cards
WITHOUT_CARD = {
    "prone_press_up": "which backs like to be arched a clinician finds out; no card of ours says it",
}


def test_refresh_copies_every_card(riverside: Cast, now: datetime) -> None:
    assert cards.refresh(by=riverside.olive, now=now) == len(CARDS)
    assert list(EducationCard.objects.order_by("order").values_list("code", flat=True)) == [c.code for c in CARDS]
    row = EducationCard.objects.get(code="heal_heat")
    assert (row.kind, row.title, row.catalogue_version) == ("healing", "Warmth", load().version)
    assert AuditEvent.objects.get(verb="catalogue.cards").detail == {"changed": len(CARDS), "retired": 0}


def test_refresh_twice_changes_nothing(riverside: Cast, now: datetime) -> None:
    cards.refresh(by=riverside.olive, now=now)
    before = list(EducationCard.objects.order_by("pk").values())
    assert cards.refresh(by=riverside.olive, now=now + timedelta(days=1)) == 0
    assert list(EducationCard.objects.order_by("pk").values()) == before


def test_refresh_replaces_an_old_text_under_its_address(riverside: Cast, now: datetime) -> None:
    cards.refresh(by=riverside.olive, now=now)
    old = EducationCard.objects.get(code="heal_ice")
    EducationCard.objects.filter(pk=old.pk).update(title="Ice helps", catalogue_version="2026.11", retired_at=now)
    EducationCard.objects.create(code="heal_leeches", kind="healing", title="Leeches", catalogue_version="1826.1")
    assert cards.refresh(by=riverside.olive, now=now) == 2
    row = EducationCard.objects.get(code="heal_ice")
    assert (row.pk, row.title, row.retired_at, row.catalogue_version) == (old.pk, "Ice", None, load().version)
    assert EducationCard.objects.get(code="heal_leeches").retired_at == now


def test_refresh_takes_few_queries(riverside: Cast, now: datetime) -> None:
    with CaptureQueriesContext(connection) as captured:
        cards.refresh(by=riverside.olive, now=now)
    assert len(captured) <= 8  # savepoints included


def test_every_kind_and_factor_has_a_card_and_words() -> None:
    assert {card.kind for card in CARDS} == set(CardKind) == set(CARD_KINDS)
    assert {factor for card in CARDS for factor in card.factors} == set(Factor) == set(FACTORS)


@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.code)
def test_card_is_honest_and_complete(card: Any) -> None:
    assert all(text.endswith((".", "?", "!")) for text in (*card.body, card.caveat, card.evidence))
    assert not card.source.endswith(".")
    words = " ".join((card.title, *card.body)).lower()
    assert not any(word in words for word in ("guarantee", "cure ", "always works", "proven"))


def test_numbers_that_the_clinic_sets_are_said_to_be_its_own() -> None:
    """{calm}, {watch}, {accept} and {stop} are filled in from the clinic: no other limit stands behind them."""
    filled = [card for card in CARDS if "{" in "".join(card.body)]
    assert len(filled) > 2
    assert not [card.code for card in filled if "may have set" in card.caveat]


def test_every_exercise_has_something_to_read() -> None:
    linked = {code for card in CARDS for code in card.exercises}
    assert {entry.code for entry in load().exercises} - linked == set(WITHOUT_CARD)


@pytest.mark.parametrize(("kind", "code"), [(Kind.STRETCH, "prevent_stretching"), (Kind.WARM_UP, "prevent_warm_up")])
def test_what_a_kind_is_for_is_said_on_its_card(kind: Kind, code: str) -> None:
    [card] = [card for card in CARDS if card.code == code]
    assert set(card.exercises) >= {entry.code for entry in load().exercises if entry.kind == kind}


def test_no_card_about_a_disc_shows_what_bends_the_spine() -> None:
    """CLINICAL.md section 0, row 7: left out until a clinician has cleared it."""
    bends = {entry.code for entry in load().exercises if Caution.SPINAL_FLEXION in entry.caution_tags}
    shown = {code for card in CARDS if Factor.HERNIATED_DISC in card.factors for code in card.exercises}
    assert shown & bends == set()


def row(**changes: Any) -> dict[str, Any]:
    good = {
        "code": "one",
        "kind": "cause",
        "title": "One",
        "body": ["Text."],
        "caveat": "But.",
        "evidence": "Weak.",
        "source": "Convention",
        "exercises": ["plank"],
        "factors": ["strain"],
    }
    return {"card": [good | changes]}


def test_reading_accepts_a_whole_card() -> None:
    assert read([row()], ["plank"])[0].factors == (Factor.STRAIN,)


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": "rumour"},
        {"factors": ["moon"]},
        {"factors": ["strain", "strain"]},
        {"exercises": ["nowhere"]},
        {"caveat": ""},
        {"source": ""},
        {"body": []},
        {"body": ["a" * 801]},
        {"title": "a" * 121},
        {"mood": "good"},
    ],
)
def test_reading_refuses_a_mistake(changes: dict[str, Any]) -> None:
    with pytest.raises(CatalogueError, match="one"):
        read([row(**changes)], ["plank"])


def test_reading_refuses_two_cards_with_one_code() -> None:
    with pytest.raises(CatalogueError, match="share"):
        read([row(), row()], ["plank"])
