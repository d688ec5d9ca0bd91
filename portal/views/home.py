"""Where everybody lands: their own first page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from clinic.access import ClinicView
from clinic.roles import Permission


class Home(ClinicView):
    """Send a runner to today and a clinician to the caseload."""

    permission = Permission.SIGNED_IN

    def get(self, request: HttpRequest) -> HttpResponse:
        del request
        return redirect("athletes:caseload" if self.member.is_staff_member else "athletes:today")
