"""When a clinic wants an alert or a nudge."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clinic.models import Member
from clinic.scope import ClinicOwned


class EscalationRule(ClinicOwned):
    """One edition of one rule's thresholds. Changing a rule adds an edition; alerts keep the one that raised them."""

    class Kind(models.TextChoices):
        P1 = "P1", _("Pain over the line, or stopped because of pain")
        P2 = "P2", _("Next morning not settled")
        P3 = "P3", _("Something skipped as too painful")
        N1 = "N1", _("Session without an answer")
        N4 = "N4", _("Silent for days, or little done")
        N5 = "N5", _("Silent for two weeks")
        FEELS_WRONG = "feels_wrong", _("Something feels wrong")

    kind = models.CharField(max_length=12, choices=Kind)
    version = models.PositiveSmallIntegerField(default=1)
    thresholds = models.JSONField(default=dict)
    level = models.CharField(max_length=2, choices=[(f"P{n}", f"P{n}") for n in range(5)])
    enabled = models.BooleanField(default=True)
    in_force = models.BooleanField(default=True)
    source = models.CharField(max_length=200, blank=True)
    made_by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()

    class Meta(ClinicOwned.Meta):
        constraints = (
            models.UniqueConstraint(fields=["clinic", "kind", "version"], name="rule_version_once"),
            models.UniqueConstraint(fields=["clinic", "kind"], condition=Q(in_force=True), name="one_rule_in_force"),
        )

    def __str__(self) -> str:
        return f"{self.kind} v{self.version}"
