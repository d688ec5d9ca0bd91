"""A runner's way through the clinic: who looks after them, when they are away, on hold, discharged."""

from typing import Any, ClassVar

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from athletes.access import AthleteView
from athletes.actions import athletes, care
from athletes.facts.care import is_on_team
from athletes.forms.care import PauseForm, ReasonForm
from athletes.models import Pause as PauseRow
from athletes.rules.windows import local_date
from clinic.actions import invitations
from clinic.errors import ConflictError, DomainError, RefusedError
from clinic.onward import onward
from clinic.problems import add_to_form, words
from clinic.roles import Permission


class Join(AthleteView):
    """Join a runner's care as cover, in one audited click."""

    permission: ClassVar[Permission] = Permission.JOIN_CARE

    def post(self, request: HttpRequest) -> HttpResponse:
        care.join(athlete=self.athlete, by=self.member, now=request.now)
        messages.success(request, _("You are on the care team of %(name)s now.") % {"name": self.athlete.name})
        return onward(request, otherwise=reverse("athletes:athlete", kwargs={"athlete": self.athlete.pk}))


class Reinvite(AthleteView):
    """Send a runner a fresh invitation: the one before ran out, or never arrived."""

    permission: ClassVar[Permission] = Permission.INVITE

    def post(self, request: HttpRequest) -> HttpResponse:
        try:
            invitations.resend(member=self.athlete.member, by=self.member, now=request.now)
        except DomainError as error:
            messages.error(request, words(error))
        else:
            messages.success(request, _("A new invitation is on its way to %(name)s.") % {"name": self.athlete.name})
        return redirect("athletes:athlete", athlete=self.athlete.pk)


class Change(AthleteView):
    """One form that changes the state of a runner's care; the base of the four below."""

    permission: ClassVar[Permission] = Permission.PRESCRIBE
    needs_tie: ClassVar[bool] = True
    opens: ClassVar[str] = ""
    change: ClassVar[str] = ""

    def get(self, request: HttpRequest) -> HttpResponse:
        del request
        return self.page(self.form())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = self.form(request.POST)
        if not form.is_valid():
            return self.page(form, status=422)
        try:
            said = self.act(form.cleaned_data)
        except (ConflictError, RefusedError):
            raise
        except DomainError as error:
            add_to_form(form, error)
            return self.page(form, status=422)
        messages.success(request, said)
        return redirect("athletes:athlete", athlete=self.athlete.pk)

    def page(self, form: Form, *, status: int = 200) -> HttpResponse:
        """Show the form, or what to do first for someone who is not on the care team."""
        today = local_date(self.request.now, self.athlete.time_zone)
        return self.render(
            "athletes/care/change.html",
            athlete=self.athlete,
            form=form,
            change=self.change,
            on_team=is_on_team(self.athlete, self.member, on=today),
            status=status,
        )

    def form(self, data: Any = None) -> Form:
        """Return the form, filled in or not."""
        return ReasonForm(data)

    def act(self, said: dict[str, Any]) -> str:
        """Make the change; return the sentence that tells of it."""
        raise NotImplementedError


class Hold(Change):
    """Put the whole program on hold."""

    change: ClassVar[str] = "hold"

    def act(self, said: dict[str, Any]) -> str:
        athletes.hold(athlete=self.athlete, by=self.member, now=self.request.now, **said)
        return _("%(name)s’s program is on hold. Reminders have stopped.") % {"name": self.athlete.name}


class Resume(Change):
    """End a hold."""

    change: ClassVar[str] = "resume"

    def act(self, said: dict[str, Any]) -> str:
        athletes.resume(athlete=self.athlete, by=self.member, now=self.request.now, **said)
        return _("%(name)s’s program goes on.") % {"name": self.athlete.name}


class Discharge(Change):
    """End the care. The record stays."""

    change: ClassVar[str] = "discharge"

    def act(self, said: dict[str, Any]) -> str:
        athletes.discharge(athlete=self.athlete, by=self.member, now=self.request.now, **said)
        return _("%(name)s is discharged. Programs have ended, the record stays.") % {"name": self.athlete.name}


class Pause(Change):
    """Excuse the days of a holiday, an illness or a race."""

    change: ClassVar[str] = "pause"

    def form(self, data: Any = None) -> Form:
        return PauseForm(data, today=local_date(self.request.now, self.athlete.time_zone))

    def act(self, said: dict[str, Any]) -> str:
        athletes.pause(athlete=self.athlete, by=self.member, now=self.request.now, **said)
        return _("The pause is noted. Nothing is due on these days, and no reminder goes out.")


class EndPause(AthleteView):
    """End a pause, or call one off that is still ahead."""

    permission: ClassVar[Permission] = Permission.PRESCRIBE
    needs_tie: ClassVar[bool] = True

    def post(self, request: HttpRequest, pause: object) -> HttpResponse:
        row = PauseRow.objects.filter(athlete=self.athlete, pk=pause).first()
        if row is not None:  # gone: someone ended it a moment ago, and that is what was asked for
            row.athlete = self.athlete
            athletes.end_pause(pause=row, by=self.member, now=request.now)
        messages.success(request, _("The pause has ended."))
        return redirect("athletes:athlete", athlete=self.athlete.pk)
