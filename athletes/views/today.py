"""The runner's first page, and its one question."""

from dataclasses import replace
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from athletes.access import MeView
from athletes.actions import pain
from athletes.actions.pain import Answer, Reported
from athletes.facts import today
from athletes.forms.pain import MorningForm, fresh
from athletes.rules.localtime import local_date
from clinic.errors import ConflictError, DomainError
from clinic.problems import add_to_form

SEE_OTHER = 303


class Today(MeView):
    """What is due today, in reach of one thumb."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(MorningForm(initial=fresh(local_date(request.now, self.athlete.time_zone))))

    def page(self, form: MorningForm, *, status: int = 200) -> HttpResponse:
        """Draw the page; the form is its question, where it is to be asked."""
        facts = today.today(self.athlete, now=self.request.now)
        hour = self.request.now.astimezone(ZoneInfo(self.athlete.time_zone)).hour
        saved = self.request.GET.get("saved", "")
        return self.render(
            "athletes/me/today.html",
            status=status,
            facts=facts,
            form=form,
            member=self.member,
            clinic=self.member.clinic,
            initials="".join(part[0] for part in self.member.name.split()[:2]),
            hour=hour,
            saved=next((bout for bout in facts.recent if str(bout.pk) == saved), None),
            morning=facts.asked if "correct" in self.request.GET or form.is_bound else facts.morning,
            answered="answered" in self.request.GET,
        )


class Morning(Today):
    """The answer to the next-morning question."""

    def get(self, request: HttpRequest) -> HttpResponse:
        del request  # a reload after the answer
        return HttpResponseRedirect(reverse("athletes:today"))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = MorningForm(request.POST)
        if not form.is_valid():
            return self.page(form, status=422)
        try:
            reported = self.report(form.answer())
        except DomainError as error:
            add_to_form(form, error)
            return self.page(form, status=422)
        if reported.findings:
            return self.render(
                "athletes/me/stop.html", evidence=reported.findings[0].evidence, morning=True, clinic=self.member.clinic
            )
        return HttpResponseRedirect(f"{reverse('athletes:today')}?answered", status=SEE_OTHER)

    def report(self, answer: Answer) -> Reported:
        """Keep the answer. Another one under the same id is a correction: the page was gone back to, the last word counts."""
        try:
            return pain.report(athlete=self.athlete, answer=answer, by=self.member, now=self.request.now)
        except ConflictError:
            answer = replace(answer, client_id=uuid4())
            return pain.report(athlete=self.athlete, answer=answer, by=self.member, now=self.request.now)
