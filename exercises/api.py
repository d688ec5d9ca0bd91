"""The library for machines."""

from hashlib import sha256

from django.http import HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from rest_framework.request import Request

from clinic.access import ClinicAPI
from clinic.roles import Permission
from exercises.forms.library import Asked
from exercises.queries import library_api as queries
from exercises.rules.filters import Group

SHAPE = 3  # of the answer: a new one makes what clients keep old


class ExerciseList(ClinicAPI):
    """Every exercise that can be prescribed, with its starting dose; the page's words and filters narrow it."""

    permission = Permission.READ_LIBRARY

    def get(self, request: Request) -> HttpResponse:
        """Answer the list, or 304 to whoever has it already."""
        asked = Asked(request._request.GET)
        # What is starred belongs to the reader and changes without the library: no mark for it.
        etag = "" if asked.filters.of(Group.SHELF) else self._etag(asked.address())
        answer = get_conditional_response(request._request, etag=etag) if etag else None
        if answer is None:
            rows = queries.api_list(search=asked.search, filters=asked.filters, member=self.member)
            answer = HttpResponse(f'{{"results": [{", ".join(rows)}]}}', content_type="application/json")
        if etag:
            answer["ETag"] = etag
            answer["Cache-Control"] = "private, no-cache"  # names no runner: may be kept, and is asked about each time
        return answer

    def _etag(self, address: str) -> str:
        known = f"{SHAPE} {self.member.clinic_id} {queries.state()} {address}"
        return quote_etag(sha256(known.encode()).hexdigest()[:32])
