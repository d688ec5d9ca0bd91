"""The ledger of what was expected: silence becomes visible."""

from django.db import models
from django.db.models import F, Index, Q
from django.utils.translation import gettext_lazy as _

from athletes.models.athlete import Athlete
from athletes.models.program import Block
from clinic.scope import ClinicOwned


class DueSession(ClinicOwned):
    """One session expected in one window, made ahead of time.

    The window is the local days `from_on` to `until_on`, both included, and the same as the instants `opens_at` to
    `closes_at`, the last excluded. `missed` is what the runner said; `unanswered` is a window that closed in silence.
    """

    class State(models.TextChoices):
        DUE = "due", _("due")
        DONE = "done", _("done")
        PARTLY = "partly", _("partly")
        MISSED = "missed", _("missed")
        UNANSWERED = "unanswered", _("unknown")
        EXCUSED = "excused", _("paused")

    OPEN_TO_LOG = (State.DUE, State.UNANSWERED)

    athlete = models.ForeignKey(Athlete, models.CASCADE, related_name="due_sessions")
    block = models.ForeignKey(Block, models.CASCADE, related_name="due_sessions")
    slot = models.PositiveSmallIntegerField(default=1)
    from_on = models.DateField()
    until_on = models.DateField()
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=State, default=State.DUE)

    class Meta(ClinicOwned.Meta):
        constraints = (
            models.UniqueConstraint(fields=["clinic", "block", "from_on", "slot"], name="due_once"),
            models.CheckConstraint(
                condition=Q(until_on__gte=F("from_on"), closes_at__gt=F("opens_at")), name="due_window_in_order"
            ),
        )
        indexes = (
            Index(fields=["clinic", "closes_at"], condition=Q(state="due"), name="due_to_close"),
            Index(fields=["clinic", "athlete", "from_on"], name="due_of_athlete"),
        )

    def __str__(self) -> str:
        return f"{self.from_on} {self.state}"
