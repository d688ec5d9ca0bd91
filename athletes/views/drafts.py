"""The desk: a draft edited in place and published. One plain form, sent whole by every button."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _

from athletes.actions import drafts
from athletes.facts.desk import desk
from athletes.facts.programs import plan_of
from athletes.forms.draft import DeskForm, PublishForm
from athletes.forms.sheet import Sheet
from athletes.forms.typed import added, press, read, typed_of
from athletes.models import Program
from athletes.views.desk import OnDesk, ids_in, named_changes, opened, page, sheet
from athletes.views.prescribing import Prescribing
from clinic.errors import ConflictError, DomainError
from clinic.problems import add_to_form, words

DRAFT = "athletes/programs/draft.html"


class Draft(Prescribing):
    """The desk: library, draft, and what the draft asks of the runner. Every button sends the whole draft."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if self.program.state != Program.State.ACTIVE:
            return redirect("athletes:athlete", self.athlete.pk)
        stored = desk(self.program)
        on = opened(self.athlete, self.program, stored, self.today, set())
        asked = DeskForm(_desk_data(request.GET, stored.number, stored.revision))
        draft = sheet(on, typed_of(stored.plan))
        template = f"{DRAFT}#library" if request.headers.get("HX-Target") == "library" else DRAFT
        return self.render(template, **self.shown(on, draft, asked, self.publish_form(on)))

    def post(self, request: HttpRequest) -> HttpResponse:
        on, asked, draft, anchor = self.pressed(request.POST)
        do, seen = request.POST.get("do", ""), asked.seen()
        if do != "discard" and not draft.is_valid():  # what is thrown away need not be right
            return self.again(on, draft, asked, status=422)
        try:
            if do == "discard":
                drafts.discard(program=self.program, seen=seen, by=self.member, now=request.now)
                return redirect("athletes:athlete", self.athlete.pk)
            drafts.save(program=self.program, plan=draft.plan(), seen=seen, by=self.member, now=request.now)
        except ConflictError as error:
            return self.conflict(error, draft)
        except DomainError as error:
            return self.again(on, draft, asked, status=422, problem=words(error))
        if do == "preview":
            return redirect("athletes:preview", self.athlete.pk, self.program.pk)
        return redirect(self.address(asked, len(draft.blocks), anchor))

    def pressed(self, post: QueryDict) -> tuple[OnDesk, DeskForm, Sheet, str]:
        """Return the draft as typed, with the pressed button done to it, and the anchor of what it touched."""
        typed, asked, do = read(post), DeskForm(post), post.get("do", "")
        stored = desk(self.program)
        on = opened(self.athlete, self.program, stored, self.today, ids_in(typed) | {added(do)})
        into = asked.target(len(typed))
        anchor = press(typed, do, movements=on.movements, into=into, title=_("Exercises"))
        if do.startswith(("easier:", "harder:")):  # the rung that came in has rungs of its own
            on = opened(self.athlete, self.program, stored, self.today, ids_in(typed))
        return on, asked, sheet(on, typed), anchor

    def shown(self, on: OnDesk, draft: Sheet, asked: DeskForm, publish: PublishForm) -> dict[str, Any]:
        """Return what the page shows."""
        return page(on, draft, asked=asked, publish=publish, member=self.member, now=self.request.now)

    def publish_form(self, on: OnDesk, data: Any = None) -> PublishForm:
        """Return the bar at the foot."""
        return PublishForm(data, first=on.desk.base is None, today=on.today)

    def again(
        self, on: OnDesk, draft: Sheet, asked: DeskForm, *, status: int, publish: PublishForm | None = None, **more: Any
    ) -> HttpResponse:
        """Show what was typed, all of it, with what is wrong beside it."""
        bar = publish or self.publish_form(on)
        if publish is None:
            bar.initial = {name: self.request.POST[name] for name in bar.fields if self.request.POST.get(name)}
        return self.render(DRAFT, status=status, **self.shown(on, draft, asked, bar), **more)

    def conflict(self, error: ConflictError, draft: Sheet) -> HttpResponse:
        """Someone was faster: show what they stored and what was typed here, and let a person choose."""
        self.program.refresh_from_db(fields=["state"])
        if error.code != "stale_draft" or self.program.state != Program.State.ACTIVE:
            raise error
        stored = desk(self.program)
        on = opened(self.athlete, self.program, stored, self.today, draft.exercises())
        theirs = stored.stored or stored.base
        mine = sheet(on, typed_of(draft.plan()))
        moved = DeskForm(_desk_data(self.request.POST, stored.number, stored.revision))
        return self.again(
            on, mine, moved, status=409, theirs=theirs, mine=named_changes(on, plan_of(theirs), draft.plan())
        )

    def address(self, asked: DeskForm, blocks: int, anchor: str) -> str:
        """Return where to go on: the same search, the same block, the place that was touched."""
        query = QueryDict(mutable=True)
        for name in ("q", "kind"):
            if value := asked.cleaned_data.get(name):
                query[name] = value
        touched = anchor.removeprefix("b").partition("l")[0]
        query["into"] = touched or str(asked.target(blocks))
        there = reverse("athletes:draft", args=[self.athlete.pk, self.program.pk])
        return f"{there}?{query.urlencode()}{'#' if anchor else ''}{anchor}"


class Publish(Draft):
    """Save what is on the desk and publish it."""

    http_method_names = ("post", "options")

    def post(self, request: HttpRequest) -> HttpResponse:
        on, asked, draft, _anchor = self.pressed(request.POST)
        form = self.publish_form(on, request.POST)
        if not (form.is_valid() & draft.is_valid()):
            return self.again(on, draft, asked, status=422, publish=form)
        try:
            version = drafts.publish(
                program=self.program,
                plan=draft.plan(),
                seen=asked.seen(),
                by=self.member,
                now=request.now,
                **form.cleaned_data,
            )
        except ConflictError as error:
            return self.conflict(error, draft)
        except DomainError as error:
            add_to_form(form, error)
            return self.again(on, draft, asked, status=422, publish=form)
        said = {
            "n": version.number,
            "name": self.athlete.member.first_name,
            "day": format_date(version.effective_on, "l j F"),
        }
        messages.success(request, _("v%(n)d is published. %(name)s sees it from %(day)s.") % said)
        return redirect("athletes:athlete", self.athlete.pk)


def _desk_data(asked: QueryDict, number: int, revision: int) -> dict[str, str]:
    kept = {name: str(asked[name]) for name in ("q", "kind", "into") if name in asked}
    return {**kept, "number": str(number), "revision": str(revision)}
