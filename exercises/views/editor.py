"""The editor of an exercise: new, changed, or a copy of another. One page, one action; nothing typed is lost."""

from typing import Any, ClassVar
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from clinic.access import ClinicView
from clinic.errors import ConflictError, DomainError
from clinic.roles import Permission
from exercises.actions import exercises
from exercises.forms.exercise import ExerciseSheet, open_sheet, typed_sheet
from exercises.models import Exercise
from exercises.queries.content import exercise_content
from exercises.queries.names import names
from exercises.rules import diff

EDITOR = "exercises/editor/exercise.html"


class NewExercise(ClinicView):
    """A new exercise of the clinic's own."""

    permission: ClassVar[Permission] = Permission.EDIT_LIBRARY
    original: Exercise | None = None

    def get(self, _request: HttpRequest) -> HttpResponse:
        """Show the empty page."""
        return self.page(open_sheet(None, names=names()))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Add it."""
        sheet = typed_sheet(request.POST, names=names())
        if not sheet.is_valid():
            return self.page(sheet, status=422)
        before = exercise_content(self.original) if self.original else None
        try:
            exercise = exercises.create(
                content=sheet.content(code="", before=before),
                by=self.member,
                now=request.now,
                note=sheet.form.cleaned_data["note"],
                easier_than=sheet.easier_than(),
                copy_of=self.original,
                client_id=sheet.form.cleaned_data["client_id"],
            )
        except DomainError as error:
            sheet.refuse(error)
            return self.page(sheet, status=422)
        messages.success(request, _("%(name)s is in your library.") % {"name": exercise.name})
        return redirect("exercises:exercise", exercise.pk)

    def page(self, sheet: ExerciseSheet, *, status: int = 200, **more: Any) -> HttpResponse:
        """Show the page."""
        return self.render(EDITOR, status=status, sheet=sheet, original=self.original, of=self.original, **more)


class CopyExercise(NewExercise):
    """The clinic's own version of another exercise, which stays as it is."""

    def enter(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Find what is copied."""
        self.original = get_object_or_404(Exercise.objects.all(), pk=kwargs.pop("pk"))
        return super().enter(request, *args, **kwargs)

    def get(self, _request: HttpRequest) -> HttpResponse:
        """Show the page filled in."""
        assert self.original is not None  # noqa: S101 - found above
        sheet = open_sheet(exercise_content(self.original), names=names())
        name = _("%(name)s (%(clinic)s)") % {"name": self.original.name, "clinic": self.member.clinic.name}
        sheet.form.initial["name"] = name[: Exercise._meta.get_field("name").max_length]
        return self.page(sheet)


class EditExercise(ClinicView):
    """An exercise of the library, changed in place; who was faster is shown, and nothing of either side is lost."""

    permission: ClassVar[Permission] = Permission.EDIT_LIBRARY

    def get(self, _request: HttpRequest, pk: UUID) -> HttpResponse:
        """Show it."""
        exercise = get_object_or_404(Exercise.objects.all(), pk=pk)
        harder = exercise.to_harder.order_by("order", "pk").values_list("harder__code", flat=True)
        content = exercise_content(exercise)
        sheet = open_sheet(content, harder, names=names(), code=exercise.code, revision=exercise.revision)
        return self.page(exercise, sheet)

    def post(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Save it."""
        exercise = get_object_or_404(Exercise.objects.all(), pk=pk)
        sheet = typed_sheet(request.POST, names=names(), code=exercise.code)
        if not sheet.is_valid():
            return self.page(exercise, sheet, status=422)
        content = sheet.content(code=exercise.code, before=exercise_content(exercise))
        try:
            saved = exercises.edit(
                exercise=exercise,
                content=content,
                revision=sheet.form.cleaned_data["revision"] or 0,
                by=self.member,
                now=request.now,
                note=sheet.form.cleaned_data["note"],
                easier_than=sheet.easier_than(),
                no_longer_easier_than=sheet.no_longer_easier_than(),
            )
        except ConflictError:
            exercise.refresh_from_db()
            mine = typed_sheet(as_of(request.POST, exercise.revision), names=names(), code=exercise.code)
            theirs = exercise.versions.select_related("by").first()
            changes = diff.changes(exercise_content(exercise), content)
            return self.page(exercise, mine, status=409, theirs=theirs, changes=changes)
        except DomainError as error:
            sheet.refuse(error)
            return self.page(exercise, sheet, status=422)
        if saved.revision != exercise.revision:
            messages.success(request, _("Saved as version %(n)d.") % {"n": saved.revision})
        elif sheet.easier_than() or sheet.no_longer_easier_than():
            messages.success(request, _("Saved."))
        return redirect("exercises:exercise", exercise.pk)

    def page(self, exercise: Exercise, sheet: ExerciseSheet, *, status: int = 200, **more: Any) -> HttpResponse:
        """Show the page."""
        return self.render(EDITOR, status=status, sheet=sheet, exercise=exercise, of=exercise, **more)


def as_of(typed: QueryDict, revision: int) -> QueryDict:
    """Return what was sent as an edit of a newer revision: whoever saves it again has seen that one."""
    newer = typed.copy()
    newer["revision"] = str(revision)
    return newer
