"""A clinic's own photos and videos."""

from typing import Any, ClassVar, Self

from django.core.files.storage import storages
from django.core.files.storage.base import Storage
from django.db import models
from django.db.models import CheckConstraint, Q
from django.utils.translation import gettext_lazy as _

from clinic.models import Member
from clinic.scope import ClinicManager, ClinicOwned, ClinicQuerySet
from exercises.kinds import MediaKind
from exercises.models.exercise import Exercise


def media_storage() -> Storage:
    """Return where uploads are kept: this machine's disk or an S3-compatible store (docs/settings.md)."""
    return storages["media"]


class MediaQuerySet(ClinicQuerySet):
    """Media in the scope."""

    def shown(self) -> Self:
        """Return what has not been taken down."""
        return self.filter(removed_at=None)


class MediaManager(ClinicManager.from_queryset(MediaQuerySet)):  # type: ignore[misc]
    """Scoped like every tenant manager."""


class ExerciseMedia(ClinicOwned):
    """One photo or video of an exercise, as we made it from what was uploaded: never the uploaded bytes.

    `digest` is the SHA-256 of the file as served; `seconds` is a video's length. `alt` says what is to be seen.
    """

    exercise = models.ForeignKey(Exercise, models.CASCADE, related_name="media")
    kind = models.CharField(max_length=8)
    file = models.FileField(storage=media_storage, max_length=200)
    content_type = models.CharField(max_length=40)
    bytes = models.PositiveBigIntegerField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    seconds = models.PositiveIntegerField(null=True)
    digest = models.CharField(max_length=64)
    alt = models.CharField(_("what is to be seen"), max_length=200)
    order = models.PositiveSmallIntegerField(default=0)
    uploaded_by = models.ForeignKey(Member, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    objects: ClassVar[Any] = MediaManager()

    class Meta(ClinicOwned.Meta):
        ordering = ("order", "uploaded_at")
        constraints = (
            CheckConstraint(condition=Q(kind__in=[kind.value for kind in MediaKind]), name="exercise_media_kind"),
        )

    def __str__(self) -> str:
        return self.alt
