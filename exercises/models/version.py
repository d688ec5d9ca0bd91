"""Every state that a row of the library has had."""

from django.db import models
from django.db.models import CheckConstraint, Q
from django.utils.translation import gettext_lazy as _

from clinic.models import Member
from clinic.scope import ClinicOwned
from exercises.kinds import Origin
from exercises.models.exercise import Exercise
from exercises.models.protocol import Protocol

ORIGINS = CheckConstraint(
    condition=Q(origin__in=[origin.value for origin in Origin]), name="%(app_label)s_%(class)s_origin"
)


class VersionFields(models.Model):
    """One state: never changed once written. `content` is exercise_json or protocol_json of that moment."""

    number = models.PositiveIntegerField(_("version"))
    content = models.JSONField()
    origin = models.CharField(max_length=12)
    by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(_("saved"))
    note = models.CharField(_("what changed"), max_length=300, blank=True)

    class Meta:
        abstract = True


class ExerciseVersion(ClinicOwned, VersionFields):
    """One state of an exercise."""

    exercise = models.ForeignKey(Exercise, models.CASCADE, related_name="versions")

    class Meta(ClinicOwned.Meta):
        ordering = ("-number",)
        constraints = (
            ORIGINS,
            models.UniqueConstraint(fields=["clinic", "exercise", "number"], name="exercise_version_once"),
        )

    def __str__(self) -> str:
        return f"{self.exercise_id} v{self.number}"


class ProtocolVersion(ClinicOwned, VersionFields):
    """One state of a protocol, phases and all."""

    protocol = models.ForeignKey(Protocol, models.CASCADE, related_name="versions")

    class Meta(ClinicOwned.Meta):
        ordering = ("-number",)
        constraints = (
            ORIGINS,
            models.UniqueConstraint(fields=["clinic", "protocol", "number"], name="protocol_version_once"),
        )

    def __str__(self) -> str:
        return f"{self.protocol_id} v{self.number}"
