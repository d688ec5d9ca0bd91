"""The editor of a protocol. One plain form, sent whole by every button; only "save" writes, and nothing typed is lost."""

from dataclasses import replace
from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from clinic.access import ClinicView
from clinic.errors import ConflictError, DomainError
from clinic.roles import Permission
from exercises.actions import protocols
from exercises.forms import protocol_typed as tree
from exercises.forms.protocol import ProtocolSheet, head_data, sheet_of
from exercises.forms.protocol_typed import TypedPhase
from exercises.models import Exercise, Protocol
from exercises.queries.content import protocol_content
from exercises.queries.names import Named, by_label, names
from exercises.rules import diff
from exercises.rules.content import NAME, ProtocolContent
from exercises.views.editor import as_of

EDITOR = "exercises/editor/protocol.html"


class ProtocolEditor(ClinicView):
    """What the three editors share: reading the page, pressing a button, showing it again."""

    permission: ClassVar[Permission] = Permission.EDIT_LIBRARY
    protocol: Protocol | None = None
    original: Protocol | None = None

    def opened(self, content: ProtocolContent | None, revision: int | None = None) -> HttpResponse:
        """Show a content to change, or an empty page."""
        known = names()
        typed = tree.typed_of(content, known) if content else tree.empty()
        sheet = self.sheet(head_data(content, revision), typed, known, is_asked=False)
        return self.page(sheet, known, is_dirty=False)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Do what the button says; what was named to be added is shown before it is saved."""
        known, typed, do = names(), tree.read(request.POST), request.POST.get("do", "")
        asked = tree.asked_for(typed, by_label({code: one for code, one in known.items() if not one.retired}))
        wanted = tree.ids_in(typed) | {named.pk for named in asked.values()}
        exercises = Exercise.objects.in_bulk(wanted)
        focus = tree.add(typed, asked, exercises) or tree.press(typed, do)
        is_asked = do == "save" and not asked
        sheet = sheet_of(request.POST, typed, exercises=exercises, names=known, is_asked=is_asked)
        if not is_asked:
            return self.page(sheet, known, focus=focus, is_added=do == "save")
        if not sheet.is_valid():
            return self.page(sheet, known, status=422, is_wrong=True)
        try:
            return self.save(sheet, typed, known)
        except DomainError as error:
            sheet.refuse(error)
            return self.page(sheet, known, status=422, is_wrong=True)

    def save(self, sheet: ProtocolSheet, typed: list[TypedPhase], known: dict[str, Named]) -> HttpResponse:
        """Write it."""
        raise NotImplementedError

    def sheet(
        self, head: Any, typed: list[TypedPhase], known: dict[str, Named], *, is_asked: bool = True
    ) -> ProtocolSheet:
        """Bind the page."""
        exercises = Exercise.objects.in_bulk(tree.ids_in(typed))
        return sheet_of(head, typed, exercises=exercises, names=known, is_asked=is_asked)

    def page(self, sheet: ProtocolSheet, known: dict[str, Named], *, status: int = 200, **more: Any) -> HttpResponse:
        """Show the page. What is wrong is said once somebody saves, not while they build."""
        of = self.protocol or self.original
        said = {"sheet": sheet, "names": known, "protocol": self.protocol, "original": self.original, "of": of}
        return self.render(EDITOR, status=status, **said | {"is_dirty": True} | more)


class NewProtocol(ProtocolEditor):
    """A new protocol of the clinic's own."""

    def get(self, _request: HttpRequest) -> HttpResponse:
        """Show the empty page."""
        return self.opened(None)

    def save(self, sheet: ProtocolSheet, typed: list[TypedPhase], known: dict[str, Named]) -> HttpResponse:
        """Add it."""
        del typed, known
        protocol = protocols.create(
            content=sheet.content(""),
            by=self.member,
            now=self.request.now,
            copy_of=self.original,
            client_id=sheet.form.cleaned_data["client_id"],
        )
        messages.success(self.request, _("%(name)s is in your library.") % {"name": protocol.name})
        return redirect("exercises:protocol", protocol.pk)


class CopyProtocol(NewProtocol):
    """The clinic's own version of another protocol, which stays as it is."""

    def enter(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Find what is copied."""
        self.original = get_object_or_404(Protocol.objects.all(), pk=kwargs.pop("pk"))
        return super().enter(request, *args, **kwargs)

    def get(self, _request: HttpRequest) -> HttpResponse:
        """Show the page filled in."""
        assert self.original is not None  # noqa: S101 - found above
        content = protocol_content(self.original)
        name = _("%(name)s (%(clinic)s)") % {"name": content.name, "clinic": self.member.clinic.name}
        return self.opened(replace(content, name=name[:NAME]))


class EditProtocol(ProtocolEditor):
    """A protocol of the library, changed in place. Programs that began from it are copies and stay as they are."""

    def enter(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Find it; a retired one too."""
        self.row: Protocol = get_object_or_404(Protocol.objects.all(), pk=kwargs.pop("pk"))
        self.protocol = self.row
        return super().enter(request, *args, **kwargs)

    def get(self, _request: HttpRequest) -> HttpResponse:
        """Show it."""
        return self.opened(protocol_content(self.row), self.row.revision)

    def save(self, sheet: ProtocolSheet, typed: list[TypedPhase], known: dict[str, Named]) -> HttpResponse:
        """Save it, or show who was faster and what differs."""
        said = sheet.form.cleaned_data
        content = sheet.content(self.row.code)
        try:
            saved = protocols.edit(
                protocol=self.row,
                content=content,
                revision=said["revision"] or 0,
                by=self.member,
                now=self.request.now,
                note=said["note"],
            )
        except ConflictError:
            return self.conflict(content, typed, known)
        if saved.revision != self.row.revision:
            messages.success(self.request, _("Saved as version %(n)d.") % {"n": saved.revision})
        return redirect("exercises:protocol", self.row.pk)

    def conflict(self, mine: ProtocolContent, typed: list[TypedPhase], known: dict[str, Named]) -> HttpResponse:
        """Show both; whoever saves again has read theirs."""
        self.row.refresh_from_db()
        head = as_of(self.request.POST, self.row.revision)
        stored = protocol_content(self.row)
        return self.page(
            self.sheet(head, typed, known),
            known,
            status=409,
            theirs=self.row.versions.select_related("by").first(),
            changes=diff.changes(stored, mine),
            plan=diff.plan_changes(stored, mine),
        )
