"""The runner's API: the same facts and the same action as the pages."""

from dataclasses import asdict
from typing import Any, ClassVar

from django.http import Http404
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from athletes.actions import sessions
from athletes.facts.lines import lines_of
from athletes.facts.today import today
from athletes.models import Athlete, Entry, SessionLog
from athletes.rules.sessions import Session, Told
from clinic.access import ClinicAPI
from clinic.errors import ConflictError
from clinic.problems import handler
from clinic.roles import Permission


class EntrySerializer(serializers.Serializer[Told]):
    """One exercise."""

    prescription = serializers.UUIDField()
    done = serializers.ChoiceField(choices=Entry.Done.choices)
    side_done = serializers.ChoiceField(choices=Entry.SideDone.choices, required=False, allow_blank=True, default="")
    skipped_reason = serializers.ChoiceField(
        choices=Entry.Barrier.choices, required=False, allow_blank=True, default=""
    )


class SessionSerializer(serializers.Serializer[Session]):
    """One bout. Pain is NPRS 0-10 or null: null is unknown, never zero."""

    block = serializers.UUIDField()
    client_id = serializers.UUIDField()
    performed_on = serializers.DateField()
    entries = EntrySerializer(many=True, allow_empty=False)
    pain_during = serializers.IntegerField(min_value=0, max_value=10, allow_null=True, required=False, default=None)
    pain_after = serializers.IntegerField(min_value=0, max_value=10, allow_null=True, required=False, default=None)
    stopped_for_pain = serializers.BooleanField(required=False, default=False)
    effort = serializers.ChoiceField(choices=SessionLog.Effort.choices, allow_null=True, required=False, default=None)
    note = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")
    corrects = serializers.UUIDField(allow_null=True, required=False, default=None)

    def session(self) -> Session:
        """Return what the valid body says."""
        said = dict(self.validated_data)
        del said["block"]
        return Session(told=tuple(Told(**entry) for entry in said.pop("entries")), **said)


class MeAPI(ClinicAPI):
    """An API view about the runner who is asking."""

    permission: ClassVar[Permission] = Permission.OWN_RECORD

    @property
    def athlete(self) -> Athlete:
        """The runner behind the member."""
        athlete: Athlete | None = Athlete.objects.filter(member=self.member).first()
        if athlete is None:
            raise Http404
        athlete.member, athlete.clinic = self.member, self.member.clinic
        return athlete


class SessionsAPI(MeAPI):
    """`POST` logs a session: 201; the same again 200; the same id with another body 409, which shows both."""

    def post(self, request: Request) -> Response:
        body = SessionSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        athlete = self.athlete
        lines = lines_of(athlete, body.validated_data["block"])
        if not lines:
            raise Http404
        try:
            logged = sessions.log(
                athlete=athlete,
                block=lines[0].block,
                lines=lines,
                session=body.session(),
                source=SessionLog.Source.API,
                by=self.member,
                now=request._request.now,
            )
        except ConflictError as error:
            return _conflict(error, request)
        answer = {**_log(logged.log), "findings": [asdict(finding) for finding in logged.findings]}
        return Response(answer, status=status.HTTP_200_OK if logged.repeated else status.HTTP_201_CREATED)


class TodayAPI(MeAPI):
    """What is due today."""

    def get(self, request: Request) -> Response:
        facts = today(self.athlete, now=request._request.now)
        return Response(
            {
                "on": facts.on,
                "state": facts.state,
                "due": [asdict(card) for card in facts.due],
                "any_day": [asdict(card) for card in facts.any_day],
                "occasional": [asdict(card) for card in facts.occasional],
                "yesterday": [asdict(expected) for expected in facts.yesterday],
                "done": [asdict(bout) for bout in facts.done],
                "week": [asdict(day) for day in facts.week],
                "asks_for_morning": facts.morning is not None,
                "paused_until": facts.paused_until,
                "pain_on": facts.pain_on,
            }
        )


def _conflict(error: ConflictError, request: Request) -> Response:
    response = handler(error, {})
    kept = error.params["kept"]
    response.data |= {"kept": _log(kept) if isinstance(kept, SessionLog) else None, "sent": request.data}
    return response


def _log(log: SessionLog) -> dict[str, Any]:
    fields = ("client_id", "performed_on", "outcome", "pain_during", "pain_after", "stopped_for_pain", "effort", "note")
    entries = log.entries.values("prescription", "done", "side_done", "skipped_reason")
    told = {name: getattr(log, name) for name in fields}
    return {"id": log.pk, "block": log.block_id, "corrects": log.corrects_id, **told, "entries": list(entries)}
