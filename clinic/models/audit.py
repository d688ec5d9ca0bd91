"""What was done and what was opened, written once."""

from django.db import models
from django.db.models import Index

from clinic.scope import ClinicOwned, current_clinic_id


class AuditEvent(ClinicOwned):
    """One write, or one opening of an athlete's record. Append-only by grant and trigger.

    Points at nothing with an enforced key, so that it outlives what it tells of. `subject_ids` are the athletes whose
    record was shown or changed: a list of runners writes one event with all their ids.
    """

    clinic = models.ForeignKey(
        "clinic.Clinic",
        models.DO_NOTHING,
        default=current_clinic_id,
        editable=False,
        related_name="+",
        db_constraint=False,
    )
    at = models.DateTimeField()
    actor_id = models.UUIDField(null=True)  # the Member; null: the system
    actor_role = models.CharField(max_length=16, blank=True)
    verb = models.CharField(max_length=48)  # noun.verb, such as session.logged
    object_id = models.CharField(max_length=40, blank=True)
    subject_ids = models.JSONField(default=list)
    detail = models.JSONField(default=dict)
    request_id = models.CharField(max_length=40, blank=True)

    class Meta(ClinicOwned.Meta):
        indexes = (
            Index(fields=["clinic", "at"], name="audit_by_time"),
            Index(fields=["clinic", "object_id", "at"], name="audit_of_object"),
        )

    def __str__(self) -> str:
        return self.verb
