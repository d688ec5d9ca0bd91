"""A finding that someone must answer, and its life."""

from django.db import models
from django.db.models import Index, Q
from django.utils.translation import gettext_lazy as _

from athletes.models.athlete import Athlete
from athletes.models.rule import EscalationRule
from clinic.models import Member
from clinic.scope import ClinicOwned


class Alert(ClinicOwned):
    """An alert is this row; the mail about it is only a doorbell. Only a person closes it."""

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        ACKNOWLEDGED = "acknowledged", _("Acknowledged")
        RESOLVED = "resolved", _("Resolved")

    class Outcome(models.TextChoices):
        CHANGED = "changed", _("Changed the program")
        TALKED = "talked", _("Talked, no change")
        APPOINTMENT = "appointment", _("Appointment made")
        REFERRED = "referred", _("Referred on")
        NOT_USEFUL = "not_useful", _("Not useful, tune the rule")

    LIVE = (State.OPEN, State.ACKNOWLEDGED)

    athlete = models.ForeignKey(Athlete, models.CASCADE, related_name="alerts")
    rule = models.ForeignKey(EscalationRule, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=EscalationRule.Kind)
    level = models.CharField(max_length=2)
    state = models.CharField(max_length=12, choices=State, default=State.OPEN)
    owner = models.ForeignKey(Member, models.PROTECT, related_name="owned_alerts")
    evidence = models.JSONField(default=dict)  # of the worst finding that nobody read, else the newest, in codes
    opened_at = models.DateTimeField()
    due_by = models.DateTimeField()  # acknowledge by; shown to staff only
    escalate_at = models.DateTimeField(null=True, blank=True)
    escalations = models.PositiveSmallIntegerField(default=0)
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    acknowledged_by = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    outcome = models.CharField(max_length=12, choices=Outcome, blank=True)

    class Meta(ClinicOwned.Meta):
        constraints = (
            models.UniqueConstraint(
                fields=["clinic", "athlete", "kind"],
                condition=Q(state__in=["open", "acknowledged"]) & ~Q(level="P0"),
                name="one_live_alert_a_kind",
            ),
            models.CheckConstraint(
                condition=~Q(state="resolved") | (Q(resolved_at__isnull=False) & ~Q(outcome="")),
                name="resolved_has_outcome",
            ),
        )
        indexes = (
            Index(fields=["clinic", "escalate_at"], condition=Q(state="open"), name="alert_to_escalate"),
            Index(fields=["clinic", "state", "opened_at"], name="alert_by_state"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"


class AlertEvent(ClinicOwned):
    """One thing that happened to an alert, oldest first."""

    class Kind(models.TextChoices):
        OPENED = "opened", _("Opened")
        FINDING = "finding", _("Another finding")
        MAILED = "mailed", _("Mail")
        ESCALATED = "escalated", _("Told as well")
        ACKNOWLEDGED = "acknowledged", _("Acknowledged")
        ASSIGNED = "assigned", _("Assigned")
        CORRECTED = "corrected", _("The log was corrected")
        RESOLVED = "resolved", _("Resolved")

    alert = models.ForeignKey(Alert, models.CASCADE, related_name="events")
    kind = models.CharField(max_length=12, choices=Kind)
    at = models.DateTimeField()
    by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")
    to = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")
    detail = models.JSONField(default=dict)
    note = models.TextField(blank=True, max_length=2000)

    class Meta(ClinicOwned.Meta):
        ordering = ("at", "id")

    def __str__(self) -> str:
        return self.kind
