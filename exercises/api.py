"""The library for machines."""

from rest_framework.request import Request
from rest_framework.response import Response

from clinic.access import ClinicAPI
from clinic.roles import Permission
from exercises.queries import library as queries


class ExerciseList(ClinicAPI):
    """Every exercise that can be prescribed, with its starting dose."""

    permission = Permission.READ_LIBRARY

    def get(self, _request: Request) -> Response:
        """Answer the list."""
        return Response({"results": queries.api_list()})
