"""Who looks after whom: ties that hold from a day to a day, and who answers when one is missing."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import IntegrityError, transaction

from athletes.actions import care
from athletes.facts.care import chain, clinicians, is_on_team
from athletes.models import Athlete, CareTie
from clinic.errors import RefusedError
from clinic.ids import uuid7
from clinic.models import AuditEvent, Member
from tests.cast import Cast

TODAY = date(2026, 11, 24)
DAY = timedelta(days=1)


def team(athlete: Athlete, on: date = TODAY) -> list[str]:
    return [member.first_name for member in chain(athlete, now=datetime.combine(on, time(7), UTC))]


def ties(athlete: Athlete) -> list[tuple[str, str, date | None]]:
    rows = CareTie.objects.filter(athlete=athlete).order_by("from_on", "pk")
    return [(tie.member.first_name, tie.part, tie.until_on) for tie in rows]


def test_joining_makes_a_cover_from_today_once(riverside: Cast, now: datetime) -> None:
    tie = care.join(athlete=riverside.ana, by=riverside.olive, now=now)
    assert care.join(athlete=riverside.ana, by=riverside.olive, now=now + DAY) == tie
    assert (tie.part, tie.from_on, tie.until_on) == ("cover", TODAY, None)
    event = AuditEvent.objects.get(verb="care.joined")
    assert (event.actor_id, event.subject_ids) == (riverside.olive.pk, [str(riverside.ana.pk)])


def test_lead_who_joins_keeps_the_lead(riverside: Cast, now: datetime) -> None:
    assert care.join(athlete=riverside.ana, by=riverside.tess, now=now).part == "lead"
    assert not AuditEvent.objects.filter(verb="care.joined").exists()


def test_tie_begins_on_the_runners_day_not_the_clinics(riverside: Cast) -> None:
    Athlete.objects.filter(pk=riverside.ana.pk).update(time_zone="Pacific/Auckland")
    riverside.ana.refresh_from_db()
    evening = datetime(2026, 11, 24, 20, tzinfo=UTC)  # in Auckland it is Wednesday
    assert care.join(athlete=riverside.ana, by=riverside.olive, now=evening).from_on == date(2026, 11, 25)
    care.require_tie(riverside.ana, riverside.olive, evening)


def test_tie_that_is_over_no_longer_opens_anything(riverside: Cast, now: datetime) -> None:
    care.require_tie(riverside.ana, riverside.theo, now)
    CareTie.objects.filter(member=riverside.theo).update(from_on=TODAY - 9 * DAY, until_on=TODAY)
    care.require_tie(riverside.ana, riverside.theo, now)  # the last day counts
    with pytest.raises(RefusedError, match="not_on_care_team"):
        care.require_tie(riverside.ana, riverside.theo, now + DAY)
    assert not is_on_team(riverside.ana, riverside.theo, on=TODAY + DAY)


def test_tie_that_begins_tomorrow_opens_nothing_today(riverside: Cast, now: datetime) -> None:
    CareTie.objects.create(athlete=riverside.ana, member=riverside.olive, part="cover", from_on=TODAY + DAY)
    with pytest.raises(RefusedError):
        care.require_tie(riverside.ana, riverside.olive, now)


def test_chain_is_lead_backup_cover_owner(riverside: Cast, now: datetime) -> None:
    assert team(riverside.ana) == ["Tess", "Theo", "Olive"]
    CareTie.objects.filter(member=riverside.tess).delete()
    assert team(riverside.ana) == ["Theo", "Olive"]
    care.join(athlete=riverside.ana, by=riverside.tess, now=now)
    assert team(riverside.ana) == ["Theo", "Tess", "Olive"]
    care.join(athlete=riverside.ana, by=riverside.olive, now=now)
    assert team(riverside.ana) == ["Theo", "Tess", "Olive"]  # the owner, once


def test_chain_of_two_who_cover_since_one_day_is_the_same_however_rows_lie(riverside: Cast) -> None:
    CareTie.objects.all().delete()
    first, second = uuid7(), uuid7()
    for pk, member in ((second, riverside.theo), (first, riverside.tess)):
        CareTie.objects.create(pk=pk, athlete=riverside.ana, member=member, part="cover", from_on=TODAY)
    assert team(riverside.ana) == ["Tess", "Theo", "Olive"]


def test_new_lead_takes_over_today_and_the_past_keeps_the_old_one(riverside: Cast, now: datetime) -> None:
    Member.objects.update(active_from=TODAY - 9 * DAY)
    CareTie.objects.filter(member=riverside.tess).update(from_on=TODAY - 9 * DAY)
    care.appoint(athlete=riverside.ana, member=riverside.olive, part="lead", by=riverside.olive, now=now)
    assert ties(riverside.ana) == [
        ("Tess", "lead", TODAY - DAY),
        ("Theo", "backup", None),
        ("Olive", "lead", None),
    ]
    assert team(riverside.ana, TODAY - DAY)[0] == "Tess"
    assert team(riverside.ana)[0] == "Olive"
    event = AuditEvent.objects.get(verb="care.appointed")
    assert event.detail == {"part": "lead", "member": str(riverside.olive.pk)}


def test_lead_appointed_and_replaced_on_one_day_leaves_one_lead(riverside: Cast, now: datetime) -> None:
    for member in (riverside.olive, riverside.theo, riverside.olive):
        care.appoint(athlete=riverside.ana, member=member, part="lead", by=riverside.olive, now=now)
    leads = CareTie.objects.in_force(TODAY).filter(athlete=riverside.ana, part="lead")
    assert [tie.member for tie in leads] == [riverside.olive]


def test_database_holds_one_lead(riverside: Cast) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        CareTie.objects.create(athlete=riverside.ana, member=riverside.olive, part="lead", from_on=TODAY)


def test_clinicians_are_those_who_may_treat_and_work_here_today(riverside: Cast, now: datetime) -> None:
    assert [member.first_name for member in clinicians(now=now)] == ["Olive", "Tess", "Theo"]
    Member.objects.filter(pk=riverside.theo.pk).update(active_until=TODAY)
    assert [member.first_name for member in clinicians(now=now + DAY)] == ["Olive", "Tess"]
