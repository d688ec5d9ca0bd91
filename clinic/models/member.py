"""Who belongs to a clinic, as what, and how they came in."""

from datetime import date, datetime
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clinic.roles import STAFF, Permission, Role, may
from clinic.scope import ClinicManager, ClinicOwned, ClinicQuerySet

ROLE_LABELS = {
    Role.OWNER: _("Owner"),
    Role.THERAPIST: _("Therapist"),
    Role.ASSISTANT: _("Assistant"),
    Role.ATHLETE: _("Runner"),
}


class MemberQuerySet(ClinicQuerySet):
    """Memberships in the scope."""

    def active(self, on: date) -> Self:
        """Memberships that are in force on a day."""
        return self.filter(active_from__lte=on).filter(Q(active_until=None) | Q(active_until__gte=on))

    def staff(self) -> Self:
        """Everyone who works here."""
        return self.filter(role__in=STAFF)


class MemberManager(ClinicManager.from_queryset(MemberQuerySet)):  # type: ignore[misc]
    """Scoped like every tenant manager, and readable by oneself before a clinic is chosen."""


class Member(ClinicOwned):
    """A person in a clinic: staff and athletes alike. Without a user until the invitation is accepted."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="memberships"
    )
    role = models.CharField(
        _("role"), max_length=16, choices=[(role.value, label) for role, label in ROLE_LABELS.items()]
    )
    name = models.CharField(_("name"), max_length=120)
    email = models.EmailField(_("e-mail"))
    active_from = models.DateField(_("active from"))
    active_until = models.DateField(_("active until"), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True, editable=False)

    objects: ClassVar[Any] = MemberManager(own="user_id")

    class Meta(ClinicOwned.Meta):
        constraints = (
            models.UniqueConstraint(fields=["clinic", "user"], name="member_once_a_clinic"),
            models.UniqueConstraint(fields=["clinic", "email"], name="member_email_once_a_clinic"),
            models.CheckConstraint(
                condition=Q(active_until=None) | Q(active_until__gte=F("active_from")), name="member_active_in_order"
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def is_staff_member(self) -> bool:
        """Whether this member works here."""
        return self.role in STAFF

    @property
    def first_name(self) -> str:
        """The name to greet with."""
        return self.name.split()[0] if self.name.strip() else ""

    def may(self, permission: Permission) -> bool:
        """Tell whether the role grants a permission; object rules come on top."""
        return may(self.role, permission)


class Invitation(ClinicOwned):
    """A way in for one member, once. Only the digest of its token is kept."""

    member = models.ForeignKey(Member, models.CASCADE, related_name="invitations")
    token_digest = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    invited_by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.pk)

    def is_open(self, now: datetime) -> bool:
        """Whether it can still be accepted."""
        return self.accepted_at is None and self.revoked_at is None and now < self.expires_at
