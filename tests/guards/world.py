"""The cast, and one of everything in Riverside that a route can name."""

import io
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from athletes.actions import alerts, athletes, drafts, programs, sessions
from athletes.facts.programs import latest, plan_of
from athletes.models import Alert, Entry, SessionLog
from clinic import tokens
from clinic.actions import invitations
from clinic.models import AuditEvent, Invitation, Message
from clinic.roles import Role
from clinic.scope import in_clinic
from exercises.actions import catalogue, media
from exercises.models import EducationCard, Exercise, Protocol
from exercises.uploads.limits import Limits
from tests.cast import NOW, Cast
from tests.exercises.uploads import corpus

if TYPE_CHECKING:
    from tests.guards.policy import Route


@dataclass(frozen=True)
class World:
    """Names of Riverside's objects, as routes spell them."""

    cast: Cast
    objects: dict[str, UUID | str]

    def kwargs(self, route: "Route") -> dict[str, UUID | str]:
        """Return a route's keyword arguments."""
        return {kwarg: self.objects[name] for kwarg, name in route.objects.items()}


def make_world(cast: Cast) -> World:
    """Prescribe to Ana, let her log a 7, and name what that made."""
    ana = cast.ana
    for clinic in (cast.riverside, cast.hilltop):
        with in_clinic(clinic.pk):
            catalogue.adopt(clinic=clinic, by=None, now=NOW)
    with in_clinic(cast.riverside.pk):
        protocol = Protocol.objects.order_by("code").first()
        draft = programs.start(athlete=ana, title="Back", protocol=protocol, by=cast.tess, now=NOW)
        program = draft.program
        edition = drafts.publish(
            program=program,
            plan=plan_of(draft),
            seen=drafts.seen_now(program),
            effective_on=NOW.date(),
            reason="",
            by=cast.tess,
            now=NOW,
        )
        block = edition.blocks.order_by("order").first()
        lines = list(block.prescriptions.all())
        session = sessions.Session(
            client_id=uuid4(),
            performed_on=NOW.date(),
            told=tuple(sessions.Told(line.pk, Entry.Done.DONE) for line in lines),
            pain_during=7,
        )
        logged = sessions.log(
            athlete=ana,
            block=block,
            lines=lines,
            session=session,
            source=SessionLog.Source.PAGE,
            by=ana.member,
            now=NOW,
        )
        assert latest(program) is not None
        invited = invitations.invite(
            name="Nina Falk", email="nina@riverside.example", role=Role.ASSISTANT, by=cast.olive, now=NOW
        )
        nina = Invitation.objects.get(member=invited)
        other = programs.start(athlete=ana, title="Calf", protocol=None, by=cast.tess, now=NOW)
        alert = Alert.objects.get(athlete=ana)
        alerts.assign(alert=alert, to=cast.tess, by=cast.tess, now=NOW)
        away = athletes.pause(
            athlete=ana,
            from_on=NOW.date() + timedelta(days=9),
            until_on=NOW.date() + timedelta(days=12),
            reason="Race",
            by=cast.tess,
            now=NOW,
        )
        message = Message.objects.filter(kind="alert").first()
        photo = corpus.jpeg()
        seen = media.add(
            exercise=Exercise.objects.first(),
            upload=io.BytesIO(photo),
            size=len(photo),
            alt="From the side",
            limits=Limits(),
            by=cast.tess,
            now=NOW,
        )
        objects = {
            "athlete": ana.pk,
            "program": program.pk,
            "draft_program": other.program_id,
            "block": block.pk,
            "log": logged.log.pk,
            "alert": alert.pk,
            "pause": away.pk,
            "exercise": Exercise.objects.first().pk,
            "protocol": protocol.pk,
            "number": "1",
            "card": EducationCard.objects.order_by("order").first().pk,
            "media": seen.pk,
            "member": cast.finn.pk,
            "invitee": invited.pk,
            "app": "athletes",
            "none": "0",
            "x": "x",
            "audit": AuditEvent.objects.first().pk,
            "message": message.pk,
            "invitation": tokens.sign("invitation", clinic_id=cast.riverside.pk, object_id=nina.pk),
            "unsubscribe": tokens.sign("unsubscribe", clinic_id=cast.riverside.pk, object_id=ana.member_id),
        }
    return World(cast, objects)
