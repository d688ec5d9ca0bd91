"""Who works here: the owner's page."""

from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from clinic.access import ClinicView
from clinic.actions import invitations, members
from clinic.errors import DomainError
from clinic.forms import StaffForm
from clinic.models import Member
from clinic.problems import add_to_form, words
from clinic.queries.staff import roll
from clinic.roles import Permission


class Staff(ClinicView):
    """The people who work here, and the form that invites one more."""

    permission: ClassVar[Permission] = Permission.MANAGE_CLINIC

    def get(self, request: HttpRequest) -> HttpResponse:
        del request
        return self.page(StaffForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = StaffForm(request.POST)
        if not form.is_valid():
            return self.page(form, status=422)
        try:
            person = invitations.invite(by=self.member, now=request.now, **form.cleaned_data)
        except DomainError as error:
            add_to_form(form, error)
            return self.page(form, status=422)
        messages.success(request, _("The invitation to %(email)s is on its way.") % {"email": person.email})
        return redirect("clinic:staff")

    def page(self, form: StaffForm, *, status: int = 200) -> HttpResponse:
        """Show the list, and the form beside it."""
        people = roll(now=self.request.now)
        return self.render("clinic/staff.html", people=people, form=form, status=status)


class StaffMember(ClinicView):
    """One person who works here, by id; the base of what can be done to them."""

    permission: ClassVar[Permission] = Permission.MANAGE_CLINIC
    person: Member

    def enter(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.person = get_object_or_404(Member.objects.staff(), pk=kwargs.pop("member"))
        return super().enter(request, *args, **kwargs)


class Resend(StaffMember):
    """Mail the invitation again; the one before stops working."""

    def post(self, request: HttpRequest) -> HttpResponse:
        try:
            invitations.resend(member=self.person, by=self.member, now=request.now)
        except DomainError as error:
            messages.error(request, words(error))
        else:
            messages.success(request, _("A new invitation is on its way."))
        return redirect("clinic:staff")


class End(StaffMember):
    """End a membership: it holds no more from the next request on."""

    def get(self, request: HttpRequest) -> HttpResponse:
        del request
        return self.render("clinic/staff_end.html", person=self.person)

    def post(self, request: HttpRequest) -> HttpResponse:
        try:
            members.end(member=self.person, by=self.member, now=request.now)
        except DomainError as error:
            return self.render("clinic/staff_end.html", person=self.person, error=words(error), status=422)
        messages.success(request, _("%(name)s no longer has access.") % {"name": self.person.name})
        return redirect("clinic:staff")
