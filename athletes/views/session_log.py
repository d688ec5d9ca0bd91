"""Logging a session: one page, one form, one POST. And saying it anew, as a new row."""

from datetime import timedelta
from uuid import UUID, uuid4

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from athletes.access import MeView
from athletes.actions import sessions
from athletes.facts.left_out import left_out
from athletes.facts.lines import lines_of, minutes_of, name_exercises
from athletes.forms.session import ALL, SessionForm, blank, filled
from athletes.models import Block, Entry, EscalationRule, Prescription, SessionLog
from athletes.rules.findings import Finding
from athletes.rules.localtime import local_date
from athletes.views.today import SEE_OTHER
from clinic.errors import ConflictError, DomainError
from clinic.problems import add_to_form, words


class SessionPage(MeView):
    """A form about one block's lines."""

    lines: list[Prescription]
    corrected: SessionLog | None = None

    @property
    def door(self) -> str:
        """The short way in, if one was taken: all or none."""
        return next((door for door in ALL if door in self.request.GET), "")

    @property
    def block(self) -> Block:
        """The block that the lines are of."""
        return self.lines[0].block

    @cached_property
    def left_out(self) -> frozenset[UUID]:
        """The exercises that were too painful, until the clinic answers."""
        return left_out(self.athlete)

    def page(self, form: SessionForm, *, status: int = 200) -> HttpResponse:
        """Draw the exercises and the questions."""
        today = local_date(self.request.now, self.athlete.time_zone)
        name_exercises(self.lines)
        return self.render(
            "athletes/me/log.html",
            status=status,
            athlete=self.athlete,
            clinic=self.member.clinic,
            part=self.block,  # `block` is a name of the template language's own
            form=form,
            door=self.door,
            minutes=minutes_of(self.lines),
            corrected=self.corrected,
            left_out=self.left_out,
            days=[(today, _("Today")), (today - timedelta(days=1), _("Yesterday"))],
        )

    def find(self, **kwargs: UUID) -> None:
        """Load what the address names or raise Http404."""
        raise NotImplementedError

    def untouched(self) -> SessionForm:
        """Return the form to begin with."""
        raise NotImplementedError

    def get(self, request: HttpRequest, **kwargs: UUID) -> HttpResponse:
        del request
        self.find(**kwargs)
        return self.page(self.untouched())

    def post(self, request: HttpRequest, **kwargs: UUID) -> HttpResponse:
        self.find(**kwargs)
        form = SessionForm(request.POST, lines=self.lines)
        if not form.is_valid():
            return self.page(form, status=422)
        try:
            logged = sessions.log(
                athlete=self.athlete,
                block=self.block,
                lines=self.lines,
                session=form.session(corrects=self.corrected.pk if self.corrected else None),
                source=SessionLog.Source.PAGE,
                by=self.member,
                now=request.now,
            )
        except ConflictError as error:
            return self.conflict(error, form)
        except DomainError as error:
            add_to_form(form, error)
            return self.page(form, status=422)
        if logged.findings:
            return self.advise(logged.findings[0], form)
        return HttpResponseRedirect(f"{reverse('athletes:today')}?saved={logged.log.pk}", status=SEE_OTHER)

    def advise(self, finding: Finding, form: SessionForm) -> HttpResponse:
        """Say what to do now about what was just told."""
        clinic = self.member.clinic
        if finding.kind != EscalationRule.Kind.P3:
            return self.render("athletes/me/stop.html", evidence=finding.evidence, part=self.block, clinic=clinic)
        name_exercises(self.lines)
        too_painful = form.session().too_painful
        names = [str(line.exercise) for line in self.lines if line.pk in too_painful]
        return self.render("athletes/me/left_out.html", left_out=names, part=self.block, clinic=clinic)

    def conflict(self, error: ConflictError, form: SessionForm) -> HttpResponse:
        """Show what is kept and what was sent; what was sent can be made a correction."""
        name_exercises(self.lines)
        kept: SessionLog = error.params["kept"]  # type: ignore[assignment]
        return self.render(
            "athletes/me/conflict.html",
            status=409,
            error=words(error),
            kept=_kept(kept),
            kept_log=kept if kept.block_id == self.block.pk else None,
            sent=_sent(form),
            again=self.again(kept),
        )

    def again(self, kept: SessionLog) -> list[tuple[str, str]]:
        """Return what was sent as a correction of what is kept: another id, the day of the first."""
        sent = self.request.POST.dict() | {"client_id": str(uuid4()), "performed_on": kept.performed_on.isoformat()}
        sent.pop("csrfmiddlewaretoken", None)
        return list(sent.items())


class LogSession(SessionPage):
    """What was done of one block, today or yesterday."""

    def find(self, **kwargs: UUID) -> None:
        self.lines = lines_of(self.athlete, kwargs["block"])
        if not self.lines:
            raise Http404

    def untouched(self) -> SessionForm:
        on = local_date(self.request.now, self.athlete.time_zone) - timedelta(days="yesterday" in self.request.GET)
        form = blank(self.lines, on=on, door=self.door)
        if self.door == "all":  # never says of an exercise that is to be left out that it was done
            for n, line in enumerate(self.lines):
                if line.exercise_id in self.left_out:
                    del form.initial[f"done_{n}"]
        return form


class CorrectSession(SessionPage):
    """A log said anew: the first one stays and is struck through."""

    def find(self, **kwargs: UUID) -> None:
        logs = SessionLog.objects.select_related("correction").filter(athlete=self.athlete)
        self.corrected = get_object_or_404(logs, pk=kwargs["log"])
        self.lines = lines_of(self.athlete, self.corrected.block_id)

    def get(self, request: HttpRequest, **kwargs: UUID) -> HttpResponse:
        response = super().get(request, **kwargs)
        if correction := getattr(self.corrected, "correction", None):
            return redirect("athletes:correct", log=correction.pk)
        return response

    def untouched(self) -> SessionForm:
        entries = {entry.prescription_id: entry for entry in self.corrected.entries.all()}  # type: ignore[union-attr]
        return filled(self.lines, self.corrected, entries)  # type: ignore[arg-type]


def _kept(log: SessionLog) -> list[tuple[str, str]]:
    """Put a log into lines of label and value."""
    entries = log.entries.select_related("exercise")
    told = [(str(entry.exercise), entry.get_done_display()) for entry in entries]
    effort = log.get_effort_display() if log.effort else ""
    return told + _rest(log.pain_during, log.pain_after, effort, log.note, stopped=log.stopped_for_pain)


def _sent(form: SessionForm) -> list[tuple[str, str]]:
    """Put a valid form into the same lines."""
    said = form.cleaned_data
    told = [(str(row.line.exercise), str(Entry.Done(said[row.done.name]).label)) for row in form.rows]
    effort = SessionLog.Effort(said["effort"]).label if said["effort"] else ""
    return told + _rest(
        said["pain_during"], said["pain_after"], str(effort), said["note"], stopped=said["stopped_for_pain"]
    )


def _rest(during: int | None, after: int | None, effort: str, note: str, *, stopped: bool) -> list[tuple[str, str]]:
    return [
        (_("Most pain while you did it"), _("unknown") if during is None else str(during)),
        (_("Pain right after it"), _("unknown") if after is None else str(after)),
        (_("Stopped because of pain"), _("Yes") if stopped else _("No")),
        (_("Effort"), effort or _("none")),
        (_("Note"), note or _("none")),
    ]
