"""What a newer catalogue changes: the owner takes all, some or none of it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clinic.access import ClinicView
from clinic.errors import ConflictError
from clinic.problems import words
from clinic.roles import Permission
from exercises import catalogue
from exercises.actions import updates
from exercises.forms.updates import AnswerForm
from exercises.queries import updates as queries


class Updates(ClinicView):
    """Every change with what comes, what stays the clinic's own, and a box to tick."""

    permission = Permission.MANAGE_CLINIC

    def get(self, _request: HttpRequest) -> HttpResponse:
        """Show them."""
        return self.page(AnswerForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Take or leave what was chosen."""
        form = AnswerForm(request.POST)
        if not form.is_valid():
            return self.page(form, status=422)
        said = form.cleaned_data
        try:
            if said["do"] == "leave":
                left = updates.leave(tokens=said["tokens"], by=self.member, now=request.now)
                text = ngettext(
                    "%(n)d change left. It is listed below.", "%(n)d changes left. They are listed below.", left
                )
                messages.info(request, text % {"n": left})
            else:
                self.tell(updates.take(tokens=said["tokens"], by=self.member, now=request.now))
        except ConflictError as error:
            return self.page(form, status=409, problem=words(error))
        return redirect("exercises:updates")

    def tell(self, taken: updates.Taken) -> None:
        """Say what came of it."""
        count = taken.count
        messages.success(self.request, ngettext("Taken: %(n)d change.", "Taken: %(n)d changes.", count) % {"n": count})
        if taken.stuck:
            text = _("Not taken, or only in part: %(names)s. What the catalogue says does not fit what you changed.")
            messages.warning(self.request, text % {"names": ", ".join(taken.stuck)})

    def page(self, form: AnswerForm, *, status: int = 200, problem: str = "") -> HttpResponse:
        """Show what the catalogue says now."""
        found = queries.updates()
        problem = problem or " ".join(map(str, form.non_field_errors()))
        return self.render(
            "exercises/updates.html",
            status=status,
            updates=found,
            names=queries.names_with(found),
            ticked=form.ticked,
            problem=problem,
            version=catalogue.load().version,
        )
