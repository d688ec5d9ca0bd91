"""The library as files: out as it is, and in after a look at what would happen."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clinic.access import ClinicView
from clinic.errors import ConflictError, DomainError
from clinic.problems import add_to_form, sentence, sentences, words
from clinic.roles import Permission
from exercises import exchange
from exercises.actions import imports
from exercises.errors import ContentError
from exercises.exchange.columns import EXERCISE
from exercises.forms.exchange import ConfirmForm, FileForm, signed
from exercises.queries.exports import exercise_rows, protocol_rows
from exercises.queries.imports import Plan, dry_run
from exercises.queries.names import names


class ExchangeView(ClinicView):
    """A page about files. A concrete one says its permission."""

    def form_page(self, form: FileForm, *, status: int = 200) -> HttpResponse:
        """Show what can go out, and ask for what may come in."""
        return self.render("exercises/files.html", status=status, form=form, columns=EXERCISE)


class Files(ExchangeView):
    """Export, and the first half of an import: the dry run."""

    permission = Permission.EDIT_LIBRARY

    def get(self, _request: HttpRequest) -> HttpResponse:
        """Show the page."""
        return self.form_page(FileForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Show what the file would do. Nothing is written."""
        form = FileForm(request)
        if form.is_valid():
            try:
                return self._plan_page(dry_run(form.cleaned_data["library"]), form.cleaned_data["file"].name)
            except DomainError as error:
                add_to_form(form, error)
        return self.form_page(form, status=422)

    def _plan_page(self, plan: Plan, name: str) -> HttpResponse:
        shown = signed(plan, name)
        return self.render("exercises/import.html", plan=plan, name=name, names=names(), shown=shown)


class Import(ExchangeView):
    """The second half: write what was shown."""

    permission = Permission.EDIT_LIBRARY

    def post(self, request: HttpRequest) -> HttpResponse:
        """Write it, or ask for the file again: only the file says what it leaves as the library has it."""
        form = ConfirmForm(request.POST)
        if not form.is_valid():
            return self._ask_again([str(error) for error in form.non_field_errors()], status=422)
        said = form.cleaned_data
        note = _("From the file %(name)s") % {"name": said["name"][:200]}
        try:
            count = imports.bring_in(lines=said["lines"], by=self.member, now=request.now, note=note)
        except ConflictError as error:
            return self._ask_again([words(error)], status=409)
        except ContentError as error:
            return self._ask_again(
                [sentences(code for _path, code in error.problems), sentence("stale_import")], status=422
            )
        messages.success(request, ngettext("Imported: %(n)d entry.", "Imported: %(n)d entries.", count) % {"n": count})
        return redirect("exercises:library")

    def _ask_again(self, problems: list[str], *, status: int) -> HttpResponse:
        form = FileForm(self.request)
        form.errors.clear()
        form.add_error("file", ValidationError(problems))
        return self.form_page(form, status=status)


class Export(ClinicView):
    """One file."""

    permission = Permission.EDIT_LIBRARY

    def get(self, request: HttpRequest, name: str) -> HttpResponse:
        """Send it, to be saved and not to be opened in the browser."""
        file = exchange.write(name, exercises=exercise_rows(), protocols=protocol_rows())
        if file is None:
            raise Http404
        data, content_type = file
        response = HttpResponse(data, content_type=content_type)
        dated = f"{self.member.clinic.slug}-{request.now:%Y-%m-%d}-{name}"
        response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=dated)
        return response
