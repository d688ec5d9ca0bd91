"""The exercises of the library: every role may read them."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from clinic.roles import Permission
from exercises.access import LibraryView
from exercises.forms.library import GEARS, TITLES, Asked
from exercises.models import Exercise
from exercises.queries import exercise as one
from exercises.queries import library as queries
from exercises.queries.updates import updates

PARTS = {"found": "exercises/_answer.html", "picked": "exercises/_picked.html"}  # what htmx asks for by itself


class Library(LibraryView):
    """The exercises, found by word and by filters, as tiles or on their ladders."""

    permission = Permission.READ_LIBRARY

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the list, or while somebody types, the part of it that changes."""
        part = PARTS.get(request.headers.get("HX-Target", ""))
        asked = Asked(request.GET, may_edit=self.member.may(Permission.EDIT_LIBRARY))
        response = self.render(part or "exercises/library.html", **self.page(asked, whole=part is None))
        if part:
            response["HX-Replace-Url"] = request.path + asked.address().rstrip("?")
        return response

    def page(self, asked: Asked, *, whole: bool) -> dict[str, Any]:
        """Return what the page shows; how many protocols there are only with its head."""
        found = queries.library(search=asked.search, filters=asked.filters, member=self.member)
        options = asked.options(found)
        return {
            "asked": asked,
            "library": found,
            "options": options,
            "on": [box for boxes in options.values() for box in boxes if box.on],
            "titles": TITLES,
            "gears": GEARS,
            "picked": [found.rows[pk] | {"off": asked.without(pk)} for pk in asked.picks if pk in found.rows],
            "protocols": queries.protocol_count() if whole and self.member.is_staff_member else 0,
            "updates": len(updates().open) if whole and self.member.may(Permission.MANAGE_CLINIC) else None,
        }


class ExercisePage(LibraryView):
    """One exercise: how, how much, what is easier and harder, when not."""

    permission = Permission.READ_LIBRARY

    def get(self, _request: HttpRequest, pk: UUID) -> HttpResponse:
        """Show it; a retired one stays readable for the programs and logs that name it."""
        exercise = get_object_or_404(Exercise.objects.all(), pk=pk)
        around = one.around(exercise, self.member)
        star = {"id": exercise.pk, "name": exercise.name, "starred": around.starred}
        return self.render("exercises/exercise.html", exercise=exercise, around=around, star=star)
