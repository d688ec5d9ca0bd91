"""What the runner reads of their own record: what they told, and what was prescribed."""

from django.http import Http404, HttpRequest, HttpResponse

from athletes.access import MeView
from athletes.facts.history import history
from athletes.facts.left_out import left_out
from athletes.facts.my_program import my_programs
from athletes.rules.localtime import local_date


class History(MeView):
    """What was told, newest first."""

    def get(self, request: HttpRequest) -> HttpResponse:
        asked = request.GET.get("page", "1")
        page = int(asked) if asked.isdecimal() and len(asked) < 5 else 0  # noqa: PLR2004 digits
        if page < 1:
            raise Http404
        told = history(self.athlete, page=page)
        if page > 1 and not told.days:
            raise Http404
        today = local_date(request.now, self.athlete.time_zone)
        return self.render("athletes/me/history.html", history=told, today=today, clinic=self.member.clinic)


class MyProgram(MeView):
    """The programs in force, with what changed and why."""

    def get(self, request: HttpRequest) -> HttpResponse:
        today = local_date(request.now, self.athlete.time_zone)
        programs = my_programs(self.athlete, on=today)
        return self.render(
            "athletes/me/program.html",
            programs=programs,
            left_out=left_out(self.athlete),
            athlete=self.athlete,
            clinic=self.member.clinic,
        )
