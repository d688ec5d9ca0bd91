"""Something feels wrong: the numbers first, then a button that puts it on the clinic's list."""

from dataclasses import replace
from uuid import uuid4

from django.http import HttpRequest, HttpResponse

from athletes.access import MeView
from athletes.actions import pain
from athletes.forms.pain import WrongForm, fresh
from athletes.rules.localtime import local_date
from clinic.errors import ConflictError


class Wrong(MeView):
    """Open in every state of the runner, also after discharge."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(WrongForm(initial=fresh(local_date(request.now, self.athlete.time_zone))))

    def page(self, form: WrongForm, *, status: int = 200) -> HttpResponse:
        """Draw the advice, the numbers and the form."""
        return self.render("athletes/me/wrong.html", status=status, form=form, clinic=self.member.clinic)

    def post(self, request: HttpRequest) -> HttpResponse:
        form = WrongForm(request.POST)
        if not form.is_valid():
            return self.page(form, status=422)
        answer = form.answer(on=local_date(request.now, self.athlete.time_zone))
        try:
            pain.feels_wrong(athlete=self.athlete, answer=answer, by=self.member, now=request.now)
        except ConflictError:  # the page was gone back to and sent with more to say: that is another report
            answer = replace(answer, client_id=uuid4())
            pain.feels_wrong(athlete=self.athlete, answer=answer, by=self.member, now=request.now)
        return self.render("athletes/me/wrong_told.html", answer=answer, clinic=self.member.clinic)
