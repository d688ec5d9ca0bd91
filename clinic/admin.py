"""The Django admin as a reading room of clinicians: the role decides, the audit trail remembers."""

from functools import wraps
from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.actions import audit
from clinic.models import AuditEvent, Member, Message
from clinic.roles import Permission


class ClinicAdminSite(admin.AdminSite):
    """One door: signed in through allauth, as a member who works here. `is_staff` and model permissions are not asked."""

    site_header = gettext_lazy("Backstride")
    site_title = gettext_lazy("Backstride")
    index_title = gettext_lazy("Records of your clinic")

    def has_permission(self, request: HttpRequest) -> bool:
        return request.member is not None and request.member.is_staff_member

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:  # noqa: FBT001, FBT002 - Django's signature
        """Refuse, instead of offering a second door, whoever is signed in without the role."""
        inner = super().admin_view(view, cacheable)

        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not self.has_permission(request):
                raise PermissionDenied
            response: HttpResponse = inner(request, *args, **kwargs)
            return response

        return guarded

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Send to the one sign-in; somebody signed in without the role gets a 403, not a second door."""
        del extra_context
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(request.GET.get("next") or request.get_full_path())

    def get_urls(self) -> list[Any]:
        """The admin has no doors of its own: signing out and changing a password are the portal's."""
        own = {"logout", "password_change", "password_change_done"}
        return [url for url in super().get_urls() if getattr(url, "name", "") not in own]


# Only what is registered here: Django's own site would show groups, addresses and lock-outs of every clinic.
site = ClinicAdminSite(name="admin")


class ClinicForm(ModelForm):
    """`clinic` is in no form, so Django would skip every constraint that starts with it and end in a 500."""

    def _get_validation_exclusions(self) -> set[str]:
        return super()._get_validation_exclusions() - {"clinic"}  # type: ignore[misc]


class ClinicModelAdmin(admin.ModelAdmin):
    """A tenant model in the admin. `reads` and `writes` name the permission; no `writes`, no changes."""

    form = ClinicForm
    reads: ClassVar[Permission] = Permission.READ_CLINICAL
    writes: ClassVar[Permission | None] = None
    athlete_field: ClassVar[str] = ""  # names the athlete whose record a row is part of, for the audit trail
    actions = None
    show_full_result_count = False

    def _may(self, request: HttpRequest, permission: Permission | None) -> bool:
        return permission is not None and request.member is not None and request.member.may(permission)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._may(request, self.reads)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        del obj
        return self._may(request, self.reads)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self._may(request, self.writes)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        del obj
        return self._may(request, self.writes)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        del request, obj
        return False  # rows of a record are ended, not deleted

    # LogEntry is never written: it knows no clinic. The actions write AuditEvents.
    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> None:  # type: ignore[override]
        pass

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> None:  # type: ignore[override]
        pass

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """List, and write one event with the ids of the athletes shown."""
        response = super().changelist_view(request, extra_context)
        rows = getattr(response, "context_data", {}).get("cl")
        if self.athlete_field and rows is not None:
            shown = {getattr(row, self.athlete_field) for row in rows.result_list}
            verb = f"admin.{self.opts.model_name}.listed"
            audit.record(verb, by=request.member, now=request.now, subjects=sorted(shown))
        return response

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """Open one row, audited."""
        obj = super().get_object(request, object_id, from_field)
        if obj is not None and self.athlete_field and self.has_view_permission(request, obj):
            verb = f"admin.{self.opts.model_name}.opened"
            subject = getattr(obj, self.athlete_field)
            audit.record(verb, by=request.member, now=request.now, about=obj, subjects=[subject])
        return obj

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show what the audit trail knows of one row."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        obj = self.get_object(request, object_id)
        if obj is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined]
        context = {
            **self.admin_site.each_context(request),
            "title": _("History: %(name)s") % {"name": obj},
            "object": obj,
            "opts": self.opts,
            "events": AuditEvent.objects.filter(object_id=str(obj.pk)).order_by("-at")[:200],
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/audit_history.html", context)


class MemberAdmin(ClinicModelAdmin):
    """Who belongs to the clinic."""

    reads = Permission.MANAGE_CLINIC
    list_display = ("name", "role", "email", "active_from", "active_until")
    list_filter = ("role",)
    search_fields = ("name", "email")
    ordering = ("name",)
    fields = ("name", "role", "email", "active_from", "active_until")


class MessageAdmin(ClinicModelAdmin):
    """What was sent, and what became of it."""

    reads = Permission.MANAGE_CLINIC
    list_display = ("kind", "recipient", "state", "reason", "due_at", "sent_at", "attempts")
    list_filter = ("state", "kind")
    list_select_related = ("recipient",)
    ordering = ("-due_at",)
    exclude = ("path", "lease_by", "lease_until")  # the path of an invitation is the way into that person's account


class AuditEventAdmin(ClinicModelAdmin):
    """What was done and opened. Nobody changes it, here or elsewhere."""

    reads = Permission.MANAGE_CLINIC
    list_display = ("at", "verb", "actor_role", "actor_id", "object_id")
    list_filter = ("verb", "actor_role")
    date_hierarchy = "at"
    ordering = ("-at",)


site.register(Member, MemberAdmin)
site.register(Message, MessageAdmin)
site.register(AuditEvent, AuditEventAdmin)
