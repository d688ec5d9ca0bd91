"""Pain told outside a session, and the button that always works."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from athletes.actions import alerts, athletes, pain
from athletes.actions.pain import Answer, Reported
from athletes.models import Alert, AlertEvent, EscalationRule, PainReport
from clinic.errors import ConflictError, DomainError
from clinic.models import AuditEvent, Message
from tests.cast import Cast
from tests.telling import morning

TUESDAY = date(2026, 11, 24)
DAY = timedelta(days=1)


def wrong(cast: Cast, *, now: datetime, score: int | None = None, client_id: UUID | None = None) -> Reported:
    answer = Answer(client_id or uuid4(), "rest_now", score, TUESDAY, note="Odd")
    return pain.feels_wrong(athlete=cast.ana, answer=answer, by=cast.ana.member, now=now)


def test_morning_is_recorded_with_its_day(riverside: Cast, now: datetime) -> None:
    reported = morning(riverside.ana, 2, now=now)
    row = PainReport.objects.get()
    assert reported.report == row
    assert (row.context, row.score, row.about_on, row.entered_by) == ("next_morning", 2, TUESDAY, riverside.ana.member)
    assert reported.findings == ()
    assert AuditEvent.objects.filter(verb="pain.reported", object_id=str(row.pk)).count() == 1


def test_not_sure_is_an_answer_without_a_score(riverside: Cast, now: datetime) -> None:
    assert morning(riverside.ana, None, now=now).findings == ()
    assert PainReport.objects.get().score is None


@pytest.mark.parametrize(("score", "kinds"), [(3, []), (4, ["P2"]), (5, ["P2"]), (6, ["P1", "P2"]), (10, ["P1", "P2"])])
def test_morning_is_weighed_against_usual(riverside: Cast, now: datetime, score: int, kinds: list[str]) -> None:
    reported = morning(riverside.ana, score, now=now)  # the baseline is 2
    assert [finding.kind for finding in reported.findings] == kinds
    assert sorted(Alert.objects.values_list("kind", flat=True)) == kinds


def test_usual_is_the_median_of_the_week_before(riverside: Cast, now: datetime) -> None:
    for days, score in enumerate((3, 5, 4, None)):
        morning(riverside.ana, score, now=now + days * DAY)
    later = now + 4 * DAY
    assert pain.usual_morning(riverside.ana, on=later.date()) == 4
    assert not morning(riverside.ana, 5, now=later).findings
    assert morning(riverside.ana, 6, now=later).findings[-1].evidence["usual"] == 4


def test_morning_without_baseline_or_history_is_not_judged(riverside: Cast, now: datetime) -> None:
    riverside.ana.baseline_morning = None
    riverside.ana.save()
    assert morning(riverside.ana, 5, now=now).findings == ()


def test_same_answer_again_writes_nothing(riverside: Cast, now: datetime) -> None:
    client_id = uuid4()
    first = morning(riverside.ana, 8, now=now, client_id=client_id)
    before = AlertEvent.objects.count(), AuditEvent.objects.count(), Message.objects.count()
    again = morning(riverside.ana, 8, now=now + timedelta(minutes=1), client_id=client_id)
    assert again.report == first.report
    assert again.findings == first.findings
    assert (AlertEvent.objects.count(), AuditEvent.objects.count(), Message.objects.count()) == before
    assert PainReport.objects.count() == 1


def test_same_id_with_another_answer_keeps_the_first(riverside: Cast, now: datetime) -> None:
    client_id = uuid4()
    first = morning(riverside.ana, 2, now=now, client_id=client_id)
    with pytest.raises(ConflictError, match="other_body") as caught:
        morning(riverside.ana, 3, now=now, client_id=client_id)
    assert caught.value.params["kept"] == first.report
    assert PainReport.objects.get().score == 2


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"score": 11}, "pain_out_of_range"),
        ({"score": -1}, "pain_out_of_range"),
        ({"about_on": TUESDAY + DAY}, "in_the_future"),
    ],
)
def test_impossible_answers_are_refused(riverside: Cast, now: datetime, change: dict[str, object], code: str) -> None:
    answer = replace(Answer(uuid4(), "rest_now", 2, TUESDAY), **change)
    with pytest.raises(DomainError, match=code):
        pain.report(athlete=riverside.ana, answer=answer, by=riverside.ana.member, now=now)
    assert not PainReport.objects.exists()


@pytest.mark.parametrize("score", [None, 0, 5, 6, 10])
def test_feels_wrong_opens_one_alert_whatever_the_score(riverside: Cast, now: datetime, score: int | None) -> None:
    reported = wrong(riverside, now=now, score=score)
    alert = Alert.objects.get()
    assert reported.alert == alert
    assert (alert.kind, alert.level, alert.owner) == ("feels_wrong", "P1", riverside.tess)
    assert alert.evidence == {"context": "rest_now", "score": score, "report": str(reported.report.pk)}
    assert Message.objects.filter(kind="alert").count() == 1


@pytest.mark.parametrize("end", ["hold", "discharge"])
def test_feels_wrong_works_on_hold_and_after_discharge(riverside: Cast, now: datetime, end: str) -> None:
    getattr(athletes, end)(athlete=riverside.ana, reason="So", by=riverside.tess, now=now)
    assert wrong(riverside, now=now).alert is not None


def test_feels_wrong_cannot_be_switched_off(riverside: Cast, now: datetime) -> None:
    EscalationRule.objects.update(enabled=False, in_force=False)
    assert wrong(riverside, now=now, score=9).alert is not None


def test_feels_wrong_again_adds_to_the_live_alert(riverside: Cast, now: datetime) -> None:
    first = wrong(riverside, now=now)
    alerts.acknowledge(alert=first.alert, by=riverside.tess, now=now)
    second = wrong(riverside, now=now + timedelta(hours=1), score=4)
    assert second.alert == first.alert
    alert = Alert.objects.get()
    assert (alert.state, alert.evidence["score"]) == ("open", 4)


def test_feels_wrong_retried_after_the_answer_rings_nobody(riverside: Cast, now: datetime) -> None:
    client_id = uuid4()
    first = wrong(riverside, now=now, client_id=client_id)
    alerts.resolve(alert=first.alert, outcome="talked", note="Fine", by=riverside.tess, now=now)
    before = AlertEvent.objects.count()
    again = wrong(riverside, now=now + timedelta(hours=1), client_id=client_id)
    assert again.alert == first.alert
    assert Alert.objects.get().state == Alert.State.RESOLVED
    assert AlertEvent.objects.count() == before
