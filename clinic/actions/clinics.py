"""Making and changing a clinic."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.text import slugify

from clinic.actions import audit
from clinic.errors import DomainError
from clinic.models import Clinic, Member
from clinic.roles import Role
from clinic.scope import in_clinic


@transaction.atomic
def create(*, name: str, owner_email: str, owner_name: str, now: datetime, **fields: Any) -> tuple[Clinic, Member]:
    """Make a clinic and its owner's membership, not yet accepted.

    Runs outside every scope; the new clinic's own scope is opened inside. Raises DomainError `clinic_exists`.
    """
    slug = slugify(fields.pop("slug", "") or name)
    if Clinic.objects.filter(slug=slug).exists():
        raise DomainError("clinic_exists", field="name")
    clinic = Clinic(slug=slug, name=name, **{"reply_to": owner_email, **fields})
    clinic.full_clean()
    clinic.save()
    with in_clinic(clinic.pk):
        owner = Member.objects.create(
            role=Role.OWNER, name=owner_name, email=owner_email.strip().lower(), active_from=now.date()
        )
        audit.record("clinic.created", by=None, now=now, about=owner)
    return clinic, owner
