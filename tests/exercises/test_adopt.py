from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clinic.models import AuditEvent, Clinic
from clinic.scope import ScopeError
from exercises.actions.catalogue import Adopted, adopt
from exercises.catalogue import load
from exercises.models import Exercise, ExerciseLink, Protocol, ProtocolBlock, ProtocolItem, ProtocolPhase
from tests.cast import Cast

MODELS = (Exercise, ExerciseLink, Protocol, ProtocolPhase, ProtocolBlock, ProtocolItem)


def counts() -> list[int]:
    return [model.objects.count() for model in MODELS]


def test_adopt_copies_the_whole_catalogue(riverside: Cast, now: datetime) -> None:
    catalogue = load()
    adopted = adopt(clinic=riverside.riverside, by=riverside.olive, now=now)
    assert adopted == Adopted(len(catalogue.exercises), len(catalogue.protocols), len(catalogue.cards))
    blocks = [block for protocol in catalogue.protocols for phase in protocol.phases for block in phase.blocks]
    assert counts() == [
        len(catalogue.exercises),
        sum(len(entry.easier) for entry in catalogue.exercises),
        len(catalogue.protocols),
        sum(len(protocol.phases) for protocol in catalogue.protocols),
        len(blocks),
        sum(len(block.items) for block in blocks),
    ]
    assert {row.code: row.dose for row in Exercise.objects.all()} == {e.code: e.dose for e in catalogue.exercises}
    stored = [(row.schedule, [item.dose for item in row.items.all()]) for row in ProtocolBlock.objects.order_by("pk")]
    wanted = [(block.schedule, [item.dose for item in block.items]) for block in blocks]
    assert sorted(stored, key=str) == sorted(wanted, key=str)


def test_adopt_twice_adds_nothing(riverside: Cast, now: datetime) -> None:
    adopt(clinic=riverside.riverside, by=riverside.olive, now=now)
    before = counts()
    assert adopt(clinic=riverside.riverside, by=riverside.olive, now=now) == Adopted(0, 0, 0)
    assert counts() == before
    assert AuditEvent.objects.filter(verb="catalogue.adopted").count() == 1


def test_adopt_is_audited_with_who_and_how_much(riverside: Cast, now: datetime) -> None:
    adopted = adopt(clinic=riverside.riverside, by=riverside.olive, now=now)
    event = AuditEvent.objects.get(verb="catalogue.adopted")
    assert (event.actor_id, event.at) == (riverside.olive.pk, now)
    assert event.detail == {"exercises": adopted.exercises, "protocols": adopted.protocols}


def test_adopt_stays_in_its_clinic(cast: Cast, within: Callable[[Clinic], Any], now: datetime) -> None:
    with within(cast.hilltop):
        adopt(clinic=cast.hilltop, by=cast.hanna, now=now)
    with within(cast.riverside):
        assert counts() == [0] * len(MODELS)
        adopt(clinic=cast.riverside, by=cast.olive, now=now)
        riverside = set(Exercise.objects.values_list("pk", flat=True))
    with within(cast.hilltop):
        assert riverside.isdisjoint(Exercise.objects.values_list("pk", flat=True))
        assert Exercise.objects.count() == len(riverside)


def test_adopt_into_another_clinic_than_the_scope_is_refused(riverside: Cast, now: datetime) -> None:
    with pytest.raises(ScopeError):
        adopt(clinic=riverside.hilltop, by=riverside.olive, now=now)
    assert counts() == [0] * len(MODELS)


def test_adopt_keeps_what_the_clinic_changed(riverside: Cast, now: datetime) -> None:
    adopt(clinic=riverside.riverside, by=riverside.olive, now=now)
    Exercise.objects.filter(code="plank").update(name="Our plank", retired_at=now)
    ExerciseLink.objects.filter(harder__code="side_plank").delete()
    Exercise.objects.filter(code="swim").delete()
    assert adopt(clinic=riverside.riverside, by=riverside.olive, now=now) == Adopted(1, 0, 0)
    plank = Exercise.objects.get(code="plank")
    assert (plank.name, plank.retired_at) == ("Our plank", now)
    assert not ExerciseLink.objects.filter(harder__code="side_plank").exists()


def test_adopt_takes_few_queries(riverside: Cast, now: datetime) -> None:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        adopt(clinic=riverside.riverside, by=riverside.olive, now=now)
    assert len(captured) <= 30  # savepoints of bulk inserts included; 100 exercises would be 1000 one by one
