"""The scope: no clinic's rows without it, and none but that clinic's within it."""

from datetime import datetime
from uuid import uuid4

import pytest
from django.db import transaction

from clinic.actions import clinics
from clinic.errors import DomainError
from clinic.models import Member, Message, Suppression
from clinic.scope import ScopeError, across_clinics, as_user, current_clinic_id, in_clinic
from tests.cast import Cast


def test_query_outlives_no_scope(cast: Cast) -> None:
    """A queryset built in one clinic reads whichever clinic is in force when it runs."""
    with in_clinic(cast.riverside.pk):
        people = Member.objects.order_by("name")
        assert cast.tess in people
    with pytest.raises(ScopeError):
        list(people.all())
    with in_clinic(cast.hilltop.pk):
        assert list(people.all()) == [cast.ben.member, cast.hanna, cast.hugo]


def test_nested_scope_gives_the_outer_one_back(cast: Cast) -> None:
    with in_clinic(cast.riverside.pk):
        with in_clinic(cast.hilltop.pk):
            assert current_clinic_id() == cast.hilltop.pk
            assert Member.objects.filter(pk=cast.hugo.pk).exists()
        assert current_clinic_id() == cast.riverside.pk
        assert Member.objects.filter(pk=cast.tess.pk).exists()
        assert not Member.objects.filter(pk=cast.hugo.pk).exists()


def test_scope_closes_after_an_error(cast: Cast) -> None:
    with pytest.raises(KeyError), in_clinic(cast.riverside.pk):
        raise KeyError
    with pytest.raises(ScopeError):
        Member.objects.count()


def test_other_clinics_row_is_not_written(cast: Cast, now: datetime) -> None:
    with in_clinic(cast.hilltop.pk):
        hugo = Member.objects.get(pk=cast.hugo.pk)
    with in_clinic(cast.riverside.pk):
        with pytest.raises(ScopeError):
            hugo.save()
        with pytest.raises(ScopeError):
            hugo.delete()
        with pytest.raises(ScopeError):
            Suppression.objects.create(member=hugo, kind="nudge", reason="setting", since_at=now)
        with pytest.raises(ScopeError):
            Suppression.objects.bulk_create([Suppression(member=hugo, kind="nudge", reason="setting", since_at=now)])
        with pytest.raises(ScopeError):
            Member.objects.update(clinic_id=cast.hilltop.pk)
        assert Member.objects.filter(pk=cast.hugo.pk).update(name="x") == 0
        assert Member.objects.filter(pk=cast.hugo.pk).delete()[0] == 0


def test_as_user_reads_own_memberships_alone(cast: Cast) -> None:
    with in_clinic(cast.hilltop.pk):
        second = Member.objects.create(
            user=cast.tess.user, role="assistant", name="Tess", email="t@hilltop.example", active_from="2026-01-01"
        )
    with as_user(cast.tess.user.pk):
        assert set(Member.objects.all()) == {cast.tess, second}
        with pytest.raises(ScopeError):
            Message.objects.count()
        with pytest.raises(ScopeError):
            second.save()


def test_across_clinics_reads_who_has_work_and_writes_nothing(cast: Cast) -> None:
    with across_clinics():
        found = set(Message.objects.values_list("clinic", flat=True))
        assert found == {cast.riverside.pk, cast.hilltop.pk}, "both were invited"
        with pytest.raises(ScopeError):
            Message(kind="x", key="x", recipient=cast.ana.member).save()


def test_clinic_without_an_id_is_no_scope() -> None:
    for nobody in (0, None):
        with pytest.raises(ScopeError):
            in_clinic(nobody)
        with pytest.raises(ScopeError):
            as_user(nobody)


@pytest.mark.django_db
def test_new_clinic_has_its_owner(now: datetime) -> None:
    clinic, owner = clinics.create(name="North Bank", owner_email="Nora@North.example", owner_name="Nora", now=now)
    assert (clinic.slug, owner.email, owner.user) == ("north-bank", "nora@north.example", None)
    with in_clinic(clinic.pk):
        assert list(Member.objects.all()) == [owner]
    with pytest.raises(DomainError, match="clinic_exists"), transaction.atomic():
        clinics.create(name="North Bank", owner_email="x@north.example", owner_name="X", now=now)


def test_unknown_clinic_shows_nothing(cast: Cast) -> None:
    with in_clinic(cast.riverside.pk + cast.hilltop.pk + 1000):
        assert not Member.objects.exists()
        assert not Member.objects.filter(pk=uuid4()).exists()
