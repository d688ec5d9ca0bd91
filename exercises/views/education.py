"""What a runner can read, for every role: cards, one card, questions."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from clinic.roles import Permission
from exercises.access import LibraryView
from exercises.forms.education import ShelfForm
from exercises.models import EducationCard
from exercises.queries import education as queries


class Education(LibraryView):
    """Every card, by what it is about."""

    permission = Permission.READ_LIBRARY

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the list, of one factor if asked."""
        factor = ShelfForm(request.GET).asked()
        return self.render("exercises/education.html", shelf=queries.shelf(factor), factor=factor)


class Card(LibraryView):
    """One card: what it says, what it does not say, and where it comes from."""

    permission = Permission.READ_LIBRARY

    def get(self, _request: HttpRequest, pk: UUID) -> HttpResponse:
        """Show it; a retired one stays readable for whoever kept its address."""
        card = get_object_or_404(EducationCard.objects.all(), pk=pk)
        return self.render("exercises/card.html", page=queries.page(card))


class Questions(LibraryView):
    """What runners ask, with short answers."""

    permission = Permission.READ_LIBRARY

    def get(self, _request: HttpRequest) -> HttpResponse:
        """Show them, the messages of the first week above."""
        first, questions = queries.questions()
        return self.render("exercises/faq.html", first=first, questions=questions)
