"""A new runner: enrolled, invited and given a program from one screen."""

from typing import ClassVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _

from athletes.actions import admissions
from athletes.actions.admissions import Admitted
from athletes.facts.care import clinicians
from athletes.forms.new_runner import NewRunnerForm
from athletes.models import ProgramVersion
from athletes.rules.windows import local_date
from clinic.access import ClinicView
from clinic.errors import DomainError
from clinic.problems import add_to_form
from clinic.roles import Permission


class New(ClinicView):
    """One screen, one POST, one action: all of it happens or none."""

    permission: ClassVar[Permission] = Permission.INVITE

    def get(self, request: HttpRequest) -> HttpResponse:
        del request
        return self.page(self.form())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = self.form(request.POST)
        if not form.is_valid():
            return self.page(form, status=422)
        said = form.cleaned_data
        try:
            admitted = admissions.admit(
                runner=form.runner(),
                lead=said["lead"],
                protocol=said["protocol"],
                starts_on=said["starts_on"],
                by=self.member,
                now=request.now,
            )
        except DomainError as error:
            add_to_form(form, error)
            return self.page(form, status=422)
        messages.success(request, _sentence(admitted, lead=said["lead"].name))
        return redirect("athletes:athlete", admitted.athlete.pk)

    def form(self, data: object = None) -> NewRunnerForm:
        """Return the form; days begin where the clinic is until the runner's zone is known."""
        today = local_date(self.request.now, self.member.clinic.time_zone)
        return NewRunnerForm(data, member=self.member, clinicians=clinicians(now=self.request.now), today=today)

    def page(self, form: NewRunnerForm, *, status: int = 200) -> HttpResponse:
        """Show the screen."""
        may_prescribe = self.member.may(Permission.PRESCRIBE)
        return self.render("athletes/new_runner.html", form=form, may_prescribe=may_prescribe, status=status)


def _sentence(admitted: Admitted, *, lead: str) -> str:
    """Say what has happened and what comes next."""
    name, version = admitted.athlete.name, admitted.version
    if version is None:
        return _("%(name)s is invited. There is no program yet.") % {"name": name}
    if version.state == ProgramVersion.State.DRAFT:
        return _("%(name)s is invited. The program waits for %(lead)s as a draft.") % {"name": name, "lead": lead}
    day = format_date(version.effective_on, "l j F")
    return _("%(name)s is invited. The program begins on %(day)s.") % {"name": name, "day": day}
