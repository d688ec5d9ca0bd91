"""What became of an exercise or a protocol: its versions, what each changed, and the way back."""

from json import dumps
from typing import Any, ClassVar

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from clinic.access import ClinicView
from clinic.errors import DomainError
from clinic.problems import sentences, words
from clinic.roles import Permission
from exercises.actions import exercises, protocols, retiring
from exercises.errors import ContentError
from exercises.forms.retiring import RestoreForm, RetireForm
from exercises.models import Exercise, Protocol
from exercises.queries import history as queries
from exercises.queries.names import names
from exercises.rules import diff
from exercises.rules.content import ProtocolContent


class OfRow(ClinicView):
    """About one exercise or one protocol: the route says which."""

    model: ClassVar[type[Exercise] | type[Protocol]] = Exercise

    def enter(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Find the row; a retired one too."""
        self.row: Exercise | Protocol = get_object_or_404(self.model.objects.all(), pk=kwargs.pop("pk"))
        return super().enter(request, *args, **kwargs)

    def render(self, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
        """Answer with a page that knows its row and the pages around it."""
        noun = self.model.__name__.lower()
        past = reverse(f"exercises:{noun}_history", args=[self.row.pk])
        return super().render(template, status=status, row=self.row, noun=noun, here=self.here(), past=past, **context)

    def here(self) -> str:
        """Return the address of the row's own page."""
        return reverse(f"exercises:{self.model.__name__.lower()}", args=[self.row.pk])


class History(OfRow):
    """Who changed it, when, and why."""

    permission: ClassVar[Permission] = Permission.EDIT_LIBRARY

    def get(self, _request: HttpRequest) -> HttpResponse:
        """Show the list."""
        return self.render("exercises/history.html", states=queries.history(self.row))


class Version(OfRow):
    """One version beside the one before it or the newest; posted, it becomes the newest again."""

    permission: ClassVar[Permission] = Permission.EDIT_LIBRARY

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        """Show what it changed."""
        return self.page(number, beside_newest=request.GET.get("beside") == "newest")

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        """Restore it."""
        form = RestoreForm(request.POST)
        revision = form.cleaned_data["revision"] if form.is_valid() else 0
        said: dict[str, Any] = {"number": number, "revision": revision, "by": self.member, "now": request.now}
        try:
            if isinstance(self.row, Exercise):
                exercises.restore(exercise=self.row, **said)
            else:
                protocols.restore(protocol=self.row, **said)
        except ContentError as error:
            problem = sentences(code for _path, code in error.problems)
            return self.page(number, status=422, problem=problem)
        except DomainError as error:
            self.row.refresh_from_db()
            return self.page(number, status=409, problem=words(error))
        messages.success(request, _("Version %(n)d is back, as a new version.") % {"n": number})
        return redirect(self.here())

    def page(self, number: int, *, beside_newest: bool = False, status: int = 200, problem: str = "") -> HttpResponse:
        """Show two versions, the older one first; a version alone where this release cannot read one of them."""
        other = self.row.revision if beside_newest else number - 1
        found = queries.versions(self.row, number, other)
        if number not in found:
            raise Http404
        unread = {n: _raw(version) for n, version in found.items() if queries.content(version) is None}
        beside_newest = beside_newest and not unread
        pair = (None if unread else found.get(other), found.get(number))
        older, newer = pair[::-1] if beside_newest else pair
        told = _told(queries.content(older), queries.content(newer))
        shown: dict[str, Any] = {"version": found[number], "older": older, "newer": newer, "unread": unread, **told}
        shown |= {"beside_newest": beside_newest, "problem": problem, "names": names()}
        return self.render("exercises/version.html", status=status, **shown)


class Retire(OfRow):
    """Asks once: what is retired leaves every list, and stays readable."""

    permission: ClassVar[Permission] = Permission.EDIT_LIBRARY

    def get(self, _request: HttpRequest) -> HttpResponse:
        """Show what still names it."""
        return self.page(RetireForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Retire it."""
        form = RetireForm(request.POST)
        if not form.is_valid():
            return self.page(form, status=422)
        retiring.retire(row=self.row, by=self.member, now=request.now, note=form.cleaned_data["note"])
        messages.success(
            request, _("%(name)s is retired. It can be brought back at any time.") % {"name": self.row.name}
        )
        return redirect(self.here())

    def page(self, form: RetireForm, *, status: int = 200) -> HttpResponse:
        """Show the question."""
        used = queries.protocols_with(self.row) if isinstance(self.row, Exercise) else []
        return self.render("exercises/retire.html", status=status, form=form, used_in=used)


class BringBack(OfRow):
    """What was retired can be chosen again."""

    permission: ClassVar[Permission] = Permission.EDIT_LIBRARY

    def post(self, request: HttpRequest) -> HttpResponse:
        """Bring it back."""
        retiring.bring_back(row=self.row, by=self.member, now=request.now)
        messages.success(request, _("%(name)s can be chosen again.") % {"name": self.row.name})
        return redirect(self.here())


def _raw(version: queries.Version) -> str:
    return dumps(version.content, indent=2, ensure_ascii=False)


def _told(older: Any, newer: Any) -> dict[str, Any]:
    """Return what differs, or a first version as a whole."""
    if newer is None:
        return {"changes": (), "plan": ()}
    if older is None:
        return {"changes": diff.whole(newer), "plan": diff.whole_plan(newer)}
    plan = diff.plan_changes(older, newer) if isinstance(newer, ProtocolContent) else ()
    return {"changes": diff.changes(older, newer), "plan": plan}
