"""What every page of prescribing stands on."""

from datetime import date
from typing import Any, ClassVar

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404

from athletes.access import AthleteView
from athletes.facts.care import is_on_team
from athletes.models import Athlete, Program
from athletes.rules.windows import local_date
from clinic.access import ClinicView
from clinic.roles import Permission


class ForTeam(ClinicView):
    """Comes after the athlete is known: only the care team prescribes, and only in a program of this athlete."""

    athlete: Athlete

    def enter(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.today: date = local_date(request.now, self.athlete.time_zone)
        if not is_on_team(self.athlete, self.member, on=self.today):
            return self.render("athletes/care/not_on_team.html", status=403, athlete=self.athlete)
        if "program" in kwargs:
            self.program: Program = get_object_or_404(Program, athlete=self.athlete, pk=kwargs.pop("program"))
            self.program.athlete = self.athlete
        return super().enter(request, *args, **kwargs)


class Prescribing(AthleteView, ForTeam):
    """A page on which the care team prescribes."""

    permission: ClassVar[Permission] = Permission.PRESCRIBE
    opens: ClassVar[str] = "program.opened"  # no log is read here
