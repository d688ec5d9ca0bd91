"""A program begun, looked at as the runner will see it, and ended."""

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from athletes.actions import programs
from athletes.facts.desk import desk
from athletes.facts.programs import plan_of
from athletes.forms.draft import EndForm, NewProgramForm
from athletes.rules.preview import first_fortnight
from athletes.views.prescribing import Prescribing
from clinic.errors import DomainError, RefusedError
from clinic.problems import add_to_form
from exercises.queries.protocols import protocol_parts

YEAR = 365  # days; nobody previews further ahead


class NewProgram(Prescribing):
    """Choose a protocol, or nothing, and go to the draft."""

    def get(self, request: HttpRequest) -> HttpResponse:
        del request
        return self.page(NewProgramForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = NewProgramForm(request.POST)
        if not form.is_valid():
            return self.page(form, status=422)
        try:
            draft = programs.start(athlete=self.athlete, by=self.member, now=request.now, **form.cleaned_data)
        except RefusedError:
            raise
        except DomainError as error:
            add_to_form(form, error)
            return self.page(form, status=422)
        return redirect("athletes:draft", self.athlete.pk, draft.program_id)

    def page(self, form: NewProgramForm, *, status: int = 200) -> HttpResponse:
        """Show what there is to start from."""
        protocols = protocol_parts().filter(retired_at=None)
        return self.render(
            "athletes/programs/new.html", athlete=self.athlete, form=form, protocols=protocols, status=status
        )


class Preview(Prescribing):
    """What the runner will see, and when it will be due in the first two weeks."""

    def get(self, request: HttpRequest) -> HttpResponse:
        found = desk(self.program)
        version = found.stored or found.base
        first = date.fromordinal(self.today.toordinal() + (1 if found.base else 0))
        latest = date.fromordinal(self.today.toordinal() + YEAR)
        starts_on = min(max(_day(request.GET.get("from", ""), first), self.today), latest)
        plan = plan_of(version)
        return self.render(
            "athletes/programs/preview.html",
            athlete=self.athlete,
            program=self.program,
            version=version,
            load=plan.load(),
            starts_on=starts_on,
            today=self.today,
            days=first_fortnight(plan, starts_on=starts_on, zone=self.athlete.time_zone),
            waiting=[block for block in plan.blocks if not block.schedule.counted],
        )


class End(Prescribing):
    """End a program with what came of it."""

    def get(self, request: HttpRequest) -> HttpResponse:
        del request
        return self.page(EndForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = EndForm(request.POST)
        if not form.is_valid():
            return self.page(form, status=422)
        programs.end(program=self.program, by=self.member, now=request.now, **form.cleaned_data)
        messages.success(request, _("%(title)s has ended.") % {"title": self.program.title})
        return redirect("athletes:athlete", self.athlete.pk)

    def page(self, form: EndForm, *, status: int = 200) -> HttpResponse:
        """Ask what came of it."""
        return self.render(
            "athletes/programs/end.html", athlete=self.athlete, program=self.program, form=form, status=status
        )


def _day(text: str, otherwise: date) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return otherwise
