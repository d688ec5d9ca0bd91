"""Compiled queries: the same rows as the queryset, of the clinic in force at each call, and of no other."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from athletes.models import Athlete
from clinic.compiled import compiled, compiled_update
from clinic.models import AuditEvent, Clinic, Member
from clinic.roles import Role
from clinic.scope import ScopeError, across_clinics, as_user, in_clinic
from tests.cast import Cast


@compiled
def names() -> QuerySet[Any]:
    return Member.objects.order_by("name").values_list("name", "active_from")


@compiled
def people(role: str, on: date) -> QuerySet[Member]:
    return Member.objects.active(on).filter(role=role).select_related("clinic", "athlete").order_by("name")


@compiled
def ties(athlete: UUID) -> QuerySet[Any]:
    runner = Athlete.objects.filter(pk=athlete).values("member")
    return Member.objects.filter(pk__in=runner).values_list("pk")


@compiled
def events(since: datetime | None) -> QuerySet[AuditEvent]:
    return AuditEvent.objects.filter(at__gte=since)


@compiled
def clinics() -> QuerySet[Clinic]:
    return Clinic.objects.order_by("pk")


@compiled_update
def rename(member: UUID, name: str) -> tuple[QuerySet[Member], dict[str, Any]]:
    return Member.objects.filter(pk=member), {"name": name}


@compiled_update
def move(member: UUID, clinic: int) -> tuple[QuerySet[Member], dict[str, Any]]:
    return Member.objects.filter(pk=member), {"clinic_id": clinic}


def test_compiled_query_reads_the_clinic_in_force_at_each_call(cast: Cast) -> None:
    for clinic, others in ((cast.riverside, cast.hilltop), (cast.hilltop, cast.riverside)) * 2:
        with in_clinic(clinic.pk):
            assert names() == list(Member.objects.order_by("name").values_list("name", "active_from"))
            mine = {name for name, _ in names()}
        with in_clinic(others.pk):
            assert mine.isdisjoint({name for name, _ in names()})


def test_compiled_query_raises_where_no_clinic_is_in_force(cast: Cast) -> None:
    with in_clinic(cast.riverside.pk):
        assert names()
    with pytest.raises(ScopeError):
        names()
    with as_user(cast.tess.user_id), pytest.raises(ScopeError):
        names()
    with across_clinics(), pytest.raises(ScopeError):
        names()


def test_compiled_query_does_not_reach_another_clinics_row_by_id(cast: Cast) -> None:
    with in_clinic(cast.riverside.pk):
        assert ties(cast.ana.pk) == [(cast.ana.member_id,)]
        assert ties(cast.ben.pk) == []
    with in_clinic(cast.hilltop.pk):
        assert ties(cast.ana.pk) == []
        assert ties(athlete=cast.ben.pk) == [(cast.ben.member_id,)]


def test_compiled_query_returns_the_querysets_instances(cast: Cast, now: datetime) -> None:
    with in_clinic(cast.riverside.pk):
        expected = list(Member.objects.filter(role=Role.ATHLETE).select_related("clinic").order_by("name"))
        people(Role.ATHLETE, now.date())
        with CaptureQueriesContext(connection) as queries:
            found = people(Role.ATHLETE, on=now.date())
            assert [member.clinic for member in found] == [cast.riverside] * len(found)
            assert cast.ana in [member.athlete for member in found]
        assert len(queries) == 1
        for row, same in zip(found, expected, strict=True):
            assert {f.attname: getattr(row, f.attname) for f in Member._meta.concrete_fields} == {
                f.attname: getattr(same, f.attname) for f in Member._meta.concrete_fields
            }
        assert people(Role.ATHLETE, now.date() - timedelta(days=9999)) == []


def test_argument_that_is_none_equals_nothing(cast: Cast, now: datetime) -> None:
    with in_clinic(cast.riverside.pk):
        assert events(now - timedelta(days=9999)) == list(AuditEvent.objects.all()) != []
        assert events(None) == []


def test_query_on_no_clinics_rows_is_not_compiled(cast: Cast) -> None:
    with in_clinic(cast.riverside.pk), pytest.raises(ScopeError):
        clinics()


def test_compiled_update_writes_the_clinic_in_force_and_counts(cast: Cast) -> None:
    with in_clinic(cast.riverside.pk):
        assert rename(cast.tess.pk, "Tess Two") == 1
        assert rename(cast.hugo.pk, "Not ours") == 0
    with in_clinic(cast.hilltop.pk):
        assert rename(cast.hugo.pk, name="Hugo Two") == 1
        assert Member.objects.get(pk=cast.hugo.pk).name == "Hugo Two"
    with in_clinic(cast.riverside.pk):
        assert Member.objects.get(pk=cast.tess.pk).name == "Tess Two"
    with pytest.raises(ScopeError):
        rename(cast.tess.pk, "Nobody asked")


def test_compiled_update_moves_no_row_to_another_clinic(cast: Cast) -> None:
    with in_clinic(cast.riverside.pk), pytest.raises(ScopeError):
        move(cast.tess.pk, cast.hilltop.pk)
