"""Alerts: the inbox, one with its evidence, and the three answers to it."""

from typing import Any, ClassVar

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.dateformat import format as format_date
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from athletes import charts
from athletes.actions import alerts
from athletes.actions.care import require_tie
from athletes.facts import alerts as facts
from athletes.facts.care import clinicians
from athletes.forms.alerts import AssignForm, ResolveForm, SeenForm
from athletes.models import Alert, Athlete
from athletes.rules.bands import Limits
from athletes.rules.windows import local_date
from athletes.views.paging import page_number
from clinic.access import ClinicView
from clinic.actions import audit
from clinic.errors import ConflictError, DomainError, RefusedError
from clinic.problems import add_to_form
from clinic.roles import Permission

FILTERS: dict[str, Promise] = {
    "open": gettext_lazy("Open"),
    "mine": gettext_lazy("Mine"),
    "acknowledged": gettext_lazy("Acknowledged"),
    "resolved": gettext_lazy("Resolved"),
}


class InboxView(ClinicView):
    """The list, with one alert open beside it or none."""

    permission: ClassVar[Permission] = Permission.READ_CLINICAL

    def page(self, alert: Alert | None, *, chosen: bool, form: Form | None = None, status: int = 200) -> HttpResponse:
        """Show the inbox. `chosen`: the alert was asked for by its address, so a phone shows it and not the list."""
        keep = str(self.request.GET.get("show"))
        keep = keep if keep in FILTERS else "open"
        found = facts.inbox(self.member, keep=keep, page=page_number(self.request))
        shown = alert or next(iter(found.alerts), None)
        self.note(found.alerts, shown, chosen=chosen)
        return self.render(
            "athletes/alerts/inbox.html",
            status=status,
            found=found,
            keep=keep,
            filters=[(name, label, found.counts[name]) for name, label in FILTERS.items()],
            chosen=chosen,
            alert=shown,
            **(self.beside(shown, form) if shown else {}),
        )

    def note(self, listed: list[Alert], shown: Alert | None, *, chosen: bool) -> None:
        """Write one audit event with the athletes of the whole page."""
        subjects = dict.fromkeys(alert.athlete_id for alert in ([shown] if shown else []) + listed)
        verb = "alert.read" if chosen else "alerts.listed"
        audit.record(verb, by=self.member, now=self.request.now, about=shown, subjects=subjects)

    def beside(self, alert: Alert, form: Form | None) -> dict[str, Any]:
        """Return what stands beside the list: the alert's evidence and the forms that answer it."""
        now, clinic = self.request.now, self.member.clinic
        evidence = facts.evidence(alert, self.member, now=now)
        choices = clinicians(now=now)
        limits = Limits(clinic.watch_from, clinic.stop_from)
        return {
            "evidence": evidence,
            "form": form,
            "chart": charts.pain_trend(evidence.pain, usual=evidence.usual, limits=limits, ends=self.ends(alert)),
            "may_answer": evidence.on_team and self.member.may(Permission.PRESCRIBE),
            "assign_form": form if isinstance(form, AssignForm) else AssignForm(clinicians=choices),
            "resolve_form": form if isinstance(form, ResolveForm) else ResolveForm(),
        }

    def ends(self, alert: Alert) -> str:
        """Name the last day of the evidence: blank for today, the day of a closed alert's end."""
        zone = alert.athlete.time_zone
        last = alert.resolved_at and local_date(alert.resolved_at, zone)
        return format_date(last, "j M") if last and last != local_date(self.request.now, zone) else ""


class Inbox(InboxView):
    """What is open. On a desk the most urgent one stands beside the list."""

    def get(self, request: HttpRequest) -> HttpResponse:
        del request
        return self.page(None, chosen=False)


class OneAlert(InboxView):
    """One alert, by id. Another clinic's alert is the same 404 as one that never existed."""

    alert: Alert

    def enter(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        rows = Alert.objects.filter(athlete__in=Athlete.objects.visible_to(self.member)).select_related(
            "athlete__member", "athlete__clinic", "owner", "rule", "acknowledged_by", "resolved_by"
        )
        self.alert = get_object_or_404(rows, pk=kwargs.pop("alert"))
        return super().enter(request, *args, **kwargs)


class AlertPage(OneAlert):
    """The alert with its evidence, its owner and its history."""

    def get(self, request: HttpRequest) -> HttpResponse:
        del request
        return self.page(self.alert, chosen=True)


class Answer(OneAlert):
    """An answer to an alert; the base of the three below. It needs a care tie to the runner."""

    permission: ClassVar[Permission] = Permission.PRESCRIBE

    def post(self, request: HttpRequest) -> HttpResponse:
        back = reverse("athletes:alert", args=[self.alert.pk])
        try:
            require_tie(self.alert.athlete, self.member, request.now)
            form = self.form()
            if not form.is_valid():
                return self.page(self.alert, chosen=True, form=form, status=422)
            said = self.act(form.cleaned_data)
        except RefusedError:
            return self.render("athletes/care/not_on_team.html", status=403, athlete=self.alert.athlete, back=back)
        except ConflictError:
            self.alert.refresh_from_db()
            return self.render("athletes/alerts/closed.html", status=409, alert=self.alert, back=back)
        except DomainError as error:
            add_to_form(form, error)
            self.alert.refresh_from_db()
            return self.page(self.alert, chosen=True, form=form, status=422)
        messages.success(request, said)
        return redirect(back)

    def form(self) -> Form:
        """Return the filled-in form; acknowledging asks for nothing but what was read."""
        return SeenForm(self.request.POST)

    def act(self, said: dict[str, Any]) -> str:
        """Answer; return the sentence that tells of it."""
        raise NotImplementedError


class Acknowledge(Answer):
    """Say "I have it"."""

    def act(self, said: dict[str, Any]) -> str:
        alerts.acknowledge(alert=self.alert, by=self.member, now=self.request.now, **said)
        return _("Acknowledged. It stays on the list until it is resolved.")


class Assign(Answer):
    """Give it to another clinician."""

    def form(self) -> Form:
        return AssignForm(self.request.POST, clinicians=clinicians(now=self.request.now))

    def act(self, said: dict[str, Any]) -> str:
        alerts.assign(alert=self.alert, by=self.member, now=self.request.now, to=said["to"])
        return _("%(name)s owns this alert now.") % {"name": said["to"].name}


class Resolve(Answer):
    """Close it with an outcome."""

    def form(self) -> Form:
        return ResolveForm(self.request.POST)

    def act(self, said: dict[str, Any]) -> str:
        alerts.resolve(alert=self.alert, by=self.member, now=self.request.now, **said)
        return _("Resolved. The alert and your note stay in the record.")
