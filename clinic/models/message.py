"""The outbox: every message the portal means to send, and what became of it."""

from django.db import models
from django.db.models import Index, Q
from django.utils.translation import gettext_lazy as _

from clinic.models.member import Member
from clinic.scope import ClinicOwned


class Message(ClinicOwned):
    """One message to one member. The row is the queue; Celery only rings.

    `due -> claimed (lease) -> handed (committed before SMTP DATA) -> sent | due again | failed | unknown`, and
    `skipped` when the reason to write went away first. `delivery` says which promise holds: `at_most_once` (a nudge: a
    crash in the DATA window ends as `unknown`, never resent) or `at_least_once` (an alert: resent under the same
    Message-ID).
    """

    class State(models.TextChoices):
        DUE = "due", _("due")
        CLAIMED = "claimed", _("being sent")
        HANDED = "handed", _("handed over")
        SENT = "sent", _("sent")
        FAILED = "failed", _("failed")
        UNKNOWN = "unknown", _("unknown")
        SKIPPED = "skipped", _("not sent")

    class Delivery(models.TextChoices):
        AT_MOST_ONCE = "at_most_once", _("at most once")
        AT_LEAST_ONCE = "at_least_once", _("at least once")

    OPEN = (State.DUE, State.CLAIMED, State.HANDED)
    LOST = (State.FAILED, State.SKIPPED)

    kind = models.CharField(max_length=24)  # names the templates in templates/mail/
    key = models.CharField(max_length=120)  # the decision, such as nudge:missed:<athlete>:2026-11-22
    recipient = models.ForeignKey(Member, models.CASCADE, related_name="messages")
    channel = models.CharField(max_length=16, default="email")
    path = models.CharField(max_length=300)  # the one link, below SITE_URL
    language = models.CharField(max_length=8, blank=True)  # blank: the clinic's
    delivery = models.CharField(max_length=16, choices=Delivery)
    state = models.CharField(max_length=16, choices=State, default=State.DUE)
    reason = models.CharField(max_length=60, blank=True)  # why skipped, failed or tried again
    due_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    lease_by = models.CharField(max_length=40, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta(ClinicOwned.Meta):
        constraints = (
            models.UniqueConstraint(fields=["clinic", "key"], name="message_decided_once"),
            models.CheckConstraint(
                condition=~Q(state="claimed") | Q(lease_until__isnull=False), name="message_claim_has_lease"
            ),
        )
        indexes = (
            Index(fields=["clinic", "due_at"], condition=Q(state="due"), name="message_due"),
            Index(
                fields=["clinic", "lease_until"], condition=Q(state__in=["claimed", "handed"]), name="message_leased"
            ),
            Index(fields=["clinic", "recipient", "created_at"], name="message_of_member"),
            Index(
                fields=["clinic", "due_at"],
                condition=Q(state__in=["failed", "skipped"], delivery="at_least_once"),
                name="message_lost",
            ),
        )

    def __str__(self) -> str:
        return self.key


class Suppression(ClinicOwned):
    """A member who does not want one kind of message, or whose address does not take any."""

    member = models.ForeignKey(Member, models.CASCADE, related_name="suppressions")
    kind = models.CharField(max_length=24)
    reason = models.CharField(max_length=24)  # unsubscribed, setting, bounced
    since_at = models.DateTimeField()

    class Meta(ClinicOwned.Meta):
        constraints = (models.UniqueConstraint(fields=["clinic", "member", "kind"], name="suppression_once"),)

    def __str__(self) -> str:
        return f"{self.kind}: {self.reason}"
