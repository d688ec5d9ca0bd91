"""When, and whether, to be reminded."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from athletes.access import MeView
from athletes.actions import preferences
from athletes.forms.preferences import RemindersForm
from athletes.views.today import SEE_OTHER
from clinic.models import Suppression


class Preferences(MeView):
    """The runner's own choice; the clinic sees it and cannot change it."""

    def get(self, request: HttpRequest) -> HttpResponse:
        stopped = Suppression.objects.filter(member=self.member, kind="nudge").first()
        initial = {"wanted": "no" if stopped else "yes", "remind_at": self.athlete.remind_at}
        form = RemindersForm(clinic=self.member.clinic, initial=initial)
        return self.page(form, stopped=stopped, saved="saved" in request.GET)

    def page(self, form: RemindersForm, *, status: int = 200, **context: object) -> HttpResponse:
        """Draw the choice."""
        context |= {"athlete": self.athlete, "member": self.member, "clinic": self.member.clinic}
        return self.render("athletes/me/reminders.html", status=status, form=form, **context)

    def post(self, request: HttpRequest) -> HttpResponse:
        form = RemindersForm(request.POST, clinic=self.member.clinic, initial={"remind_at": self.athlete.remind_at})
        if not form.is_valid():
            return self.page(form, status=422)
        preferences.choose(athlete=self.athlete, by=self.member, now=request.now, **form.cleaned_data)
        return HttpResponseRedirect(f"{reverse('athletes:preferences')}?saved", status=SEE_OTHER)
