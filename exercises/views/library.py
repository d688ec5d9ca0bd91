"""The exercises of the library: every role may read them."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from clinic.roles import Permission
from exercises.access import LibraryView
from exercises.forms.library import LibraryForm
from exercises.kinds import Caution, Kind
from exercises.models import Exercise
from exercises.queries import library as queries

OFTEN_HIDDEN = Caution.SPINAL_FLEXION  # the caution with a filter of its own: CLINICAL.md section 0, row 7


class Library(LibraryView):
    """The exercises, found by word, kind and caution."""

    permission = Permission.READ_LIBRARY

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the list."""
        asked = LibraryForm(request.GET).asked()
        found = queries.library(**asked)
        kinds = [(kind, found.counts[kind]) for kind in Kind if found.counts[kind]]
        return self.render(
            "exercises/library.html", library=found, kinds=kinds, asked=asked, often_hidden=OFTEN_HIDDEN.value
        )


class ExercisePage(LibraryView):
    """One exercise: how, how much, what is easier and harder, when not."""

    permission = Permission.READ_LIBRARY

    def get(self, _request: HttpRequest, pk: UUID) -> HttpResponse:
        """Show it; a retired one stays readable for the programs and logs that name it."""
        exercise = get_object_or_404(Exercise.objects.all(), pk=pk)
        return self.render("exercises/exercise.html", exercise=exercise, around=queries.around(exercise))
