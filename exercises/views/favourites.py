"""A member's stars."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from clinic.onward import onward
from clinic.roles import Permission
from exercises.access import LibraryView
from exercises.actions import favourites
from exercises.models import Exercise


class Star(LibraryView):
    """Put a star on an exercise, or take it away."""

    permission = Permission.READ_LIBRARY

    def post(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Do it, and go back to where the star was pressed; htmx takes the new star alone."""
        exercise = get_object_or_404(Exercise.objects.all(), pk=pk)
        on = bool(request.POST.get("on"))
        change = favourites.star if on else favourites.unstar
        change(exercise=exercise, by=self.member, now=request.now)
        if request.headers.get("HX-Request"):
            row = {"id": exercise.pk, "name": exercise.name, "starred": on}
            return self.render("exercises/_star.html", row=row)
        return onward(request, otherwise=reverse("exercises:exercise", args=[pk]))
