"""One athlete, resolved once: below these views nothing looks an athlete up again."""

from typing import Any, ClassVar

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404

from athletes.actions.care import require_tie
from athletes.models import Athlete
from clinic.access import ClinicView
from clinic.actions import audit
from clinic.errors import RefusedError
from clinic.roles import Permission


class MeView(ClinicView):
    """A page about the runner who is asking."""

    permission: ClassVar[Permission] = Permission.OWN_RECORD
    athlete: Athlete

    def enter(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        athlete: Athlete | None = getattr(self.member, "athlete", None)
        if athlete is None:
            raise Http404
        athlete.clinic = self.member.clinic  # known already: spares a query
        self.athlete = athlete
        return super().enter(request, *args, **kwargs)


class AthleteView(ClinicView):
    """A page about one athlete, by id. Another clinic's athlete is the same 404 as one that never existed.

    Opening it is audited, as what it shows: `opens` is the verb, none where nothing of the record is read. Writers set
    `needs_tie`: they answer only to the athlete's care team.
    """

    needs_tie: ClassVar[bool] = False
    opens: ClassVar[str] = "athlete.opened"
    athlete: Athlete

    def enter(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        visible = Athlete.objects.visible_to(self.member).select_related("member", "clinic")
        self.athlete = get_object_or_404(visible, pk=kwargs.pop("athlete"))
        if self.needs_tie and request.method not in ("GET", "HEAD", "OPTIONS"):
            try:
                require_tie(self.athlete, self.member, request.now)
            except RefusedError:
                return self.render("athletes/care/not_on_team.html", status=403, athlete=self.athlete)
        if self.opens and request.method in ("GET", "HEAD"):
            ids = [self.athlete.pk]
            audit.record(self.opens, by=self.member, now=request.now, about=self.athlete, subjects=ids)
        return super().enter(request, *args, **kwargs)
