"""The protocols of the library: every role may read them."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from clinic.roles import Permission
from exercises.access import LibraryView
from exercises.queries import protocols as queries


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
        return self.render("exercises/protocol.html", protocol=protocol, phases=queries.phases(protocol))
