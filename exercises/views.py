"""The library's pages: every role may read them."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from clinic.access import ClinicView
from clinic.roles import Permission
from exercises import queries
from exercises.forms import LibraryForm
from exercises.kinds import Caution, Kind
from exercises.models import Exercise

OFTEN_HIDDEN = Caution.SPINAL_FLEXION  # the caution with a filter of its own: CLINICAL.md section 0, row 7


class LibraryView(ClinicView):
    """A page of the library, in the frame of whoever reads it."""

    def render(self, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
        base = "base_staff.html" if self.member.is_staff_member else "base_phone.html"
        return super().render(template, status=status, base=base, **context)


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


class Protocols(LibraryView):
    """The templates that a program can start from."""

    permission = Permission.READ_LIBRARY

    def get(self, _request: HttpRequest) -> HttpResponse:
        """Show the list."""
        return self.render("exercises/protocols.html", protocols=queries.protocols())


class ProtocolPage(LibraryView):
    """One protocol with its phases, blocks and doses."""

    permission = Permission.READ_LIBRARY

    def get(self, _request: HttpRequest, pk: UUID) -> HttpResponse:
        """Show it."""
        protocol = get_object_or_404(queries.protocol_parts(), pk=pk)
        return self.render("exercises/protocol.html", protocol=protocol)
