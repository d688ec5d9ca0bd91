"""An alert's life: opened once, rung in turn, answered by the care team, closed by a person."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from athletes.actions import alerts, care, doorbell, policies
from athletes.facts import thresholds
from athletes.models import Alert, AlertEvent, Athlete, CareTie, EscalationRule
from athletes.rules.findings import Finding
from clinic.actions import members, messages
from clinic.errors import ConflictError, DomainError, RefusedError
from clinic.models import AuditEvent, Member, Message
from clinic.roles import Role
from tests.cast import Cast
from tests.telling import log, prescribe, tell

Kind = AlertEvent.Kind
HOUR = timedelta(hours=1)


def find(kind: str = "P1", level: str = "P1", **said: Any) -> Finding:
    return Finding(kind, level, {"context": "session", "score": 7, "stopped": False, "pain_at_least": 6} | said)


def raise_one(athlete: Athlete, finding: Finding | None = None, *, now: datetime, by: Member | None = None) -> Alert:
    finding = finding or find()
    rule = thresholds.rules_in_force()[finding.kind]
    return alerts.open_or_append(athlete=athlete, finding=finding, rule=rule, by=by, now=now)


@pytest.fixture
def alert(riverside: Cast, now: datetime) -> Alert:
    return raise_one(riverside.ana, now=now)


def story(alert: Alert) -> list[str]:
    return list(AlertEvent.objects.filter(alert=alert).values_list("kind", flat=True))


def rung(alert: Alert) -> list[str]:
    """Return who was rung, first to last."""
    mails = Message.objects.filter(kind="alert", path=f"/alerts/{alert.pk}/").order_by("created_at", "pk")
    return [name.split()[0] for name in mails.values_list("recipient__name", flat=True)]


def verbs() -> list[str]:
    return list(
        AuditEvent.objects.filter(verb__startswith="alert.").order_by("at", "pk").values_list("verb", flat=True)
    )


def test_alert_goes_to_the_lead_with_targets_and_one_doorbell(riverside: Cast, alert: Alert, now: datetime) -> None:
    assert alert.owner == riverside.tess
    assert (alert.state, alert.level, alert.rule.version) == ("open", "P1", 1)
    assert alert.due_by == datetime(2026, 11, 24, 17, tzinfo=UTC)  # Lisbon closes at 17:00
    assert alert.escalate_at == datetime(2026, 11, 25, 9, tzinfo=UTC)
    assert story(alert) == [Kind.OPENED, Kind.MAILED]
    assert rung(alert) == ["Tess"]
    mail = Message.objects.get(kind="alert")
    assert (mail.delivery, mail.due_at) == ("at_least_once", now)
    event = AuditEvent.objects.get(verb="alert.opened")
    assert event.subject_ids == [str(riverside.ana.pk)]
    assert "score" not in event.detail


def test_alert_of_an_athlete_without_a_team_goes_to_the_owner(riverside: Cast, now: datetime) -> None:
    CareTie.objects.all().delete()
    assert raise_one(riverside.ana, now=now).owner == riverside.olive


def test_alert_skips_a_lead_who_has_left_or_may_no_longer_treat(riverside: Cast, now: datetime) -> None:
    Member.objects.filter(pk=riverside.tess.pk).update(active_from=date(2026, 1, 1), active_until=date(2026, 11, 23))
    assert raise_one(riverside.ana, now=now).owner == riverside.theo
    Member.objects.filter(pk=riverside.theo.pk).update(role=Role.ASSISTANT)
    assert raise_one(riverside.ana, find("P2", "P2", usual=2), now=now).owner == riverside.olive


def test_alert_finds_a_clinician_where_nobody_owns_the_clinic(riverside: Cast, now: datetime) -> None:
    CareTie.objects.all().delete()
    Member.objects.filter(pk=riverside.olive.pk).update(role=Role.ASSISTANT)
    assert raise_one(riverside.ana, now=now).owner in {riverside.tess, riverside.theo}


def test_alert_finds_the_founder_on_a_first_evening_west_of_greenwich(riverside: Cast) -> None:
    """Memberships begin on a day of UTC, which the runner's own day may lag behind."""
    CareTie.objects.all().delete()
    Member.objects.exclude(pk=riverside.olive.pk).update(role=Role.ASSISTANT)
    Member.objects.filter(pk=riverside.olive.pk).update(active_from=date(2026, 11, 25))
    riverside.ana.time_zone = "America/New_York"
    evening = datetime(2026, 11, 25, 1, tzinfo=UTC)
    assert raise_one(riverside.ana, now=evening).owner == riverside.olive


def test_second_finding_appends_without_a_second_doorbell(riverside: Cast, alert: Alert, now: datetime) -> None:
    again = raise_one(riverside.ana, find(score=9), now=now + HOUR)
    assert again == alert
    assert Alert.objects.get().evidence["score"] == 9
    assert story(alert) == [Kind.OPENED, Kind.MAILED, Kind.FINDING]
    assert AlertEvent.objects.filter(kind=Kind.OPENED).get().detail["score"] == 7
    assert rung(alert) == ["Tess"]


def test_alert_skips_a_lead_whose_access_ended_an_hour_ago_west_of_greenwich(riverside: Cast) -> None:
    """There the runner's day is still the one before, on which the membership held."""
    riverside.ana.time_zone = "America/New_York"
    CareTie.objects.update(from_on=date(2026, 11, 1))
    Member.objects.update(active_from=date(2026, 11, 1))
    evening = datetime(2026, 11, 25, 1, tzinfo=UTC)
    members.end(member=riverside.tess, by=riverside.olive, now=evening)
    assert raise_one(riverside.ana, now=evening + HOUR).owner == riverside.theo


def test_finding_a_day_after_the_last_bell_rings_the_owner_again(riverside: Cast, alert: Alert, now: datetime) -> None:
    raise_one(riverside.ana, find(score=9), now=now + 23 * HOUR)
    assert rung(alert) == ["Tess"]
    raise_one(riverside.ana, find(score=9), now=now + 24 * HOUR)
    assert rung(alert) == ["Tess", "Tess"]
    assert Alert.objects.get().escalate_at == alert.escalate_at, "nobody has it: the chain goes on as it was"


def test_morning_rings_again_after_two_days(riverside: Cast, now: datetime) -> None:
    alert = raise_one(riverside.ana, find("P2", "P2", usual=2), now=now)
    raise_one(riverside.ana, find("P2", "P2", usual=2), now=now + 47 * HOUR)
    assert rung(alert) == ["Tess"]
    raise_one(riverside.ana, find("P2", "P2", usual=2), now=now + 48 * HOUR)
    assert rung(alert) == ["Tess", "Tess"]


def test_button_rings_each_time(riverside: Cast, now: datetime) -> None:
    alert = raise_one(riverside.ana, find("feels_wrong"), now=now)
    raise_one(riverside.ana, find("feels_wrong"), now=now + HOUR)
    assert rung(alert) == ["Tess", "Tess"]


def test_finding_after_everybody_was_told_begins_the_chain_again(riverside: Cast, alert: Alert, now: datetime) -> None:
    for hours in (1, 2):
        doorbell.escalate(alert=alert, now=now + hours * HOUR)
    raise_one(riverside.ana, now=now + 25 * HOUR)
    alert = Alert.objects.get()
    assert (alert.escalations, alert.escalate_at) == (0, datetime(2026, 11, 26, 9, tzinfo=UTC))
    assert alert.due_by == datetime(2026, 11, 24, 17, tzinfo=UTC), "it is late all the same"
    doorbell.escalate(alert=alert, now=alert.escalate_at)
    assert rung(alert) == ["Tess", "Theo", "Olive", "Tess", "Theo"]


def test_milder_finding_does_not_hide_a_worse_one_that_nobody_read(
    riverside: Cast, alert: Alert, now: datetime
) -> None:
    raise_one(riverside.ana, find(score=None, stopped=True), now=now + HOUR)
    assert Alert.objects.get().evidence["score"] == 7
    alerts.acknowledge(alert=alert, by=riverside.tess, now=now + HOUR)
    raise_one(riverside.ana, find(score=6), now=now + 2 * HOUR)
    assert Alert.objects.get().evidence["score"] == 6, "the 7 was read"


def test_finding_after_the_acknowledgement_opens_it_again(riverside: Cast, alert: Alert, now: datetime) -> None:
    alerts.acknowledge(alert=alert, by=riverside.tess, now=now)
    raise_one(riverside.ana, find(score=9), now=now + 2 * HOUR)
    alert.refresh_from_db()
    assert (alert.state, alert.acknowledged_at, alert.acknowledged_by) == ("open", None, None)
    assert alert.escalate_at == datetime(2026, 11, 25, 9, tzinfo=UTC)
    assert rung(alert) == ["Tess", "Tess"]


def test_finding_after_the_end_opens_another_alert(riverside: Cast, alert: Alert, now: datetime) -> None:
    alerts.resolve(alert=alert, outcome="talked", note="", by=riverside.tess, now=now)
    assert raise_one(riverside.ana, now=now + HOUR) != alert


def test_emergency_always_opens_its_own(riverside: Cast, now: datetime) -> None:
    first = raise_one(riverside.ana, find("feels_wrong", "P0"), now=now)
    second = raise_one(riverside.ana, find("feels_wrong", "P0"), now=now)
    third = raise_one(riverside.ana, find("feels_wrong", "P1"), now=now)
    assert len({first.pk, second.pk, third.pk}) == 3


def test_two_findings_at_the_same_moment_make_one_alert(
    riverside: Cast, alert: Alert, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other one's alert is committed after we looked: the unique key tells, and the finding appends."""
    found = type(Alert.objects.all()).first
    looked: list[object] = []

    def nothing_at_first(rows: Any) -> Any:
        if rows.model is Alert and not looked:
            looked.append(rows)
            return None
        return found(rows)

    monkeypatch.setattr(type(Alert.objects.all()), "first", nothing_at_first)
    assert raise_one(riverside.ana, find(score=8), now=now) == alert
    assert looked
    assert Alert.objects.count() == 1
    assert story(alert) == [Kind.OPENED, Kind.MAILED, Kind.FINDING]


def test_database_holds_one_live_alert_a_kind(riverside: Cast, alert: Alert, now: datetime) -> None:
    twin = {"athlete": riverside.ana, "rule": alert.rule, "kind": "P1", "level": "P1", "owner": riverside.tess}
    with pytest.raises(IntegrityError), transaction.atomic():
        Alert.objects.create(**twin, opened_at=now, due_by=now)


def test_serious_alert_takes_back_waiting_nudges_a_mild_one_does_not(riverside: Cast, now: datetime) -> None:
    nudge = {"kind": "nudge", "to": riverside.ana.member, "path": "/me/", "delivery": "at_most_once", "due_at": now}
    messages.enqueue(key="nudge:1", now=now, **nudge)
    raise_one(riverside.ana, find("N4", "P4"), now=now)
    assert Message.objects.get(key="nudge:1").state == "due"
    raise_one(riverside.ana, find("P2", "P2", usual=2), now=now)
    assert (Message.objects.get(key="nudge:1").state, Message.objects.get(key="nudge:1").reason) == (
        "skipped",
        "alert_open",
    )


def test_escalation_rings_the_backup_then_the_owner_then_nobody(riverside: Cast, alert: Alert, now: datetime) -> None:
    for hours in range(1, 4):
        doorbell.escalate(alert=alert, now=now + hours * HOUR)
    assert rung(alert) == ["Tess", "Theo", "Olive"]
    assert alert.owner == riverside.tess
    assert alert.escalate_at is None
    assert [event.to.first_name for event in alert.events.filter(kind=Kind.ESCALATED)] == ["Theo", "Olive"]


def test_red_flag_rings_the_backup_after_one_hour_and_the_owner_after_four(riverside: Cast, now: datetime) -> None:
    alert = raise_one(riverside.ana, find(level="P0"), now=now)
    assert alert.escalate_at == now + HOUR
    alert = doorbell.escalate(alert=alert, now=now + HOUR)
    assert alert.escalate_at == now + 4 * HOUR
    assert doorbell.escalate(alert=alert, now=now + 4 * HOUR).escalate_at is None
    assert rung(alert) == ["Tess", "Theo", "Olive"]


def test_escalation_of_two_sweeps_at_once_rings_once(alert: Alert, now: datetime) -> None:
    twin = Alert.objects.get(pk=alert.pk)
    doorbell.escalate(alert=alert, now=now)
    doorbell.escalate(alert=twin, now=now)
    assert rung(alert) == ["Tess", "Theo"]
    assert twin.escalations == 1


def test_escalation_stops_at_the_acknowledgement(riverside: Cast, alert: Alert, now: datetime) -> None:
    read_before = Alert.objects.get(pk=alert.pk)
    alerts.acknowledge(alert=alert, by=riverside.tess, now=now)
    assert alert.escalate_at is None
    doorbell.escalate(alert=read_before, now=now)
    assert rung(alert) == ["Tess"]


def test_acknowledging_twice_changes_nothing(riverside: Cast, alert: Alert, now: datetime) -> None:
    alerts.acknowledge(alert=alert, by=riverside.tess, now=now)
    alerts.acknowledge(alert=alert, by=riverside.theo, now=now + HOUR)
    assert (alert.state, alert.acknowledged_by, alert.acknowledged_at) == ("acknowledged", riverside.tess, now)
    assert story(alert).count(Kind.ACKNOWLEDGED) == 1
    assert verbs().count("alert.acknowledged") == 1


@pytest.mark.parametrize("who", ["olive", "finn"])
def test_only_the_care_team_answers(riverside: Cast, alert: Alert, now: datetime, who: str) -> None:
    """The clinic's owner reads all and answers nothing without a tie."""
    member = getattr(riverside, who)
    with pytest.raises(RefusedError, match="not_on_care_team"):
        alerts.acknowledge(alert=alert, by=member, now=now)
    with pytest.raises(RefusedError):
        alerts.assign(alert=alert, to=riverside.theo, by=member, now=now)
    with pytest.raises(RefusedError):
        alerts.resolve(alert=alert, outcome="talked", note="", by=member, now=now)
    alert.refresh_from_db()
    assert (alert.state, alert.owner) == ("open", riverside.tess)
    assert story(alert) == [Kind.OPENED, Kind.MAILED]


def test_owner_of_the_clinic_answers_after_joining(riverside: Cast, alert: Alert, now: datetime) -> None:
    care.join(athlete=riverside.ana, by=riverside.olive, now=now)
    assert alerts.acknowledge(alert=alert, by=riverside.olive, now=now).acknowledged_by == riverside.olive


def test_assigning_rings_the_new_owner_once(riverside: Cast, alert: Alert, now: datetime) -> None:
    for _ in range(2):
        alerts.assign(alert=alert, to=riverside.theo, by=riverside.tess, now=now)
    assert alert.owner == riverside.theo
    assert rung(alert) == ["Tess", "Theo"]
    assert story(alert).count(Kind.ASSIGNED) == 1
    assert verbs().count("alert.assigned") == 1
    assert Alert.objects.get().state == "open"


def test_assigning_after_everybody_was_told_begins_the_chain_again(
    riverside: Cast, alert: Alert, now: datetime
) -> None:
    for hours in (1, 2):
        doorbell.escalate(alert=alert, now=now + hours * HOUR)
    alerts.assign(alert=alert, to=riverside.theo, by=riverside.tess, now=now + 3 * HOUR)
    assert (alert.escalations, alert.escalate_at) == (0, datetime(2026, 11, 25, 9, tzinfo=UTC))


def test_taking_it_oneself_rings_nobody(riverside: Cast, alert: Alert, now: datetime) -> None:
    alerts.assign(alert=alert, to=riverside.theo, by=riverside.theo, now=now)
    assert alert.owner == riverside.theo
    assert rung(alert) == ["Tess"]


@pytest.mark.parametrize("who", ["finn", "ana"])
def test_only_a_clinician_can_be_given_an_alert(riverside: Cast, alert: Alert, now: datetime, who: str) -> None:
    person = getattr(riverside, who)
    with pytest.raises(DomainError, match="not_a_clinician"):
        alerts.assign(alert=alert, to=getattr(person, "member", person), by=riverside.tess, now=now)


def test_resolving_keeps_outcome_and_note_and_acknowledges(riverside: Cast, alert: Alert, now: datetime) -> None:
    alerts.resolve(alert=alert, outcome="changed", note="Kneeling for a week.", by=riverside.theo, now=now)
    assert (alert.state, alert.outcome, alert.resolved_by, alert.resolved_at) == (
        "resolved",
        "changed",
        riverside.theo,
        now,
    )
    assert (alert.acknowledged_by, alert.acknowledged_at) == (riverside.theo, now)
    assert alert.events.get(kind=Kind.RESOLVED).note == "Kneeling for a week."
    event = AuditEvent.objects.get(verb="alert.resolved")
    assert event.detail == {"outcome": "changed"}  # the note is the record's, not the trail's


def test_resolving_keeps_who_acknowledged_first(riverside: Cast, alert: Alert, now: datetime) -> None:
    alerts.acknowledge(alert=alert, by=riverside.tess, now=now)
    alerts.resolve(alert=alert, outcome="talked", note="", by=riverside.theo, now=now + HOUR)
    assert (alert.acknowledged_by, alert.acknowledged_at) == (riverside.tess, now)


def test_same_answer_twice_is_one_answer_another_is_a_conflict(riverside: Cast, alert: Alert, now: datetime) -> None:
    said = {"alert": alert, "outcome": "talked", "note": "Rang her.", "now": now}
    alerts.resolve(by=riverside.tess, **said)
    alerts.resolve(by=riverside.tess, **said)
    assert story(alert).count(Kind.RESOLVED) == 1
    for other in ({"by": riverside.theo}, {"note": "Did not."}, {"outcome": "referred"}):
        with pytest.raises(ConflictError, match="not_open"):
            alerts.resolve(**({"by": riverside.tess} | said | other))
    with pytest.raises(ConflictError):
        alerts.acknowledge(alert=alert, by=riverside.tess, now=now)
    with pytest.raises(ConflictError):
        alerts.assign(alert=alert, to=riverside.theo, by=riverside.tess, now=now)
    assert Alert.objects.get().outcome == "talked"


@pytest.mark.parametrize("outcome", ["", "forgotten"])
def test_alert_does_not_end_without_an_outcome(riverside: Cast, alert: Alert, now: datetime, outcome: str) -> None:
    with pytest.raises(DomainError, match="outcome_missing"):
        alerts.resolve(alert=alert, outcome=outcome, note="", by=riverside.tess, now=now)
    assert Alert.objects.get().state == "open"


def test_correction_is_told_to_every_alert_its_log_spoke_to(riverside: Cast, now: datetime) -> None:
    """Also where a later finding has taken the evidence's place, and the alert stays as it is."""
    block = prescribe(riverside, now=now)
    first = log(riverside.ana, block, now=now, pain_during=7)
    log(riverside.ana, block, now=now + HOUR, pain_during=8)
    alert = Alert.objects.get()
    on = first.log.performed_on
    mended = tell(riverside.ana, block, on=on, pain_during=2, corrects=first.log.pk)
    log(riverside.ana, block, now=now + 2 * HOUR, session=mended)
    assert alert.events.filter(kind=Kind.CORRECTED).count() == 1
    assert Alert.objects.get().state == "open"


def test_correction_of_a_correction_is_told_to_the_alert_too(riverside: Cast, now: datetime) -> None:
    block = prescribe(riverside, now=now)
    first = log(riverside.ana, block, now=now, pain_during=8)
    second = log(riverside.ana, block, now=now + HOUR, pain_during=8, note="Left", corrects=first.log.pk)
    third = log(riverside.ana, block, now=now + 2 * HOUR, pain_during=1, corrects=second.log.pk)
    told = Alert.objects.get().events.filter(kind=Kind.CORRECTED)
    assert [event.detail["log"] for event in told] == [str(second.log.pk), str(third.log.pk)]


def test_rule_keeps_the_edition_that_raised_the_alert(riverside: Cast, alert: Alert, now: datetime) -> None:
    EscalationRule.objects.filter(kind="P1").update(in_force=False)
    EscalationRule.objects.create(kind="P1", level="P1", version=2, thresholds={"pain_at_least": 5}, made_at=now)
    policies.adopt_defaults(by=None, now=now)
    assert Alert.objects.get(pk=alert.pk).rule.version == 1


def test_handing_on_an_acknowledged_alert_opens_it_again(riverside: Cast, alert: Alert, now: datetime) -> None:
    alerts.acknowledge(alert=alert, by=riverside.tess, now=now)
    later = now + timedelta(hours=2)
    handed = alerts.assign(alert=alert, to=riverside.theo, by=riverside.tess, now=later)
    assert (handed.state, handed.owner, handed.acknowledged_by) == (Alert.State.OPEN, riverside.theo, None)
    assert handed.escalate_at is not None
    assert handed.escalate_at > later
