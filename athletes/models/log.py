"""What was done and how it hurt. Never edited: a correction is a new row."""

from django.db import models
from django.db.models import Index, Q
from django.utils.translation import gettext_lazy as _

from athletes.models.athlete import Athlete
from athletes.models.due import DueSession
from athletes.models.program import Block, Prescription
from clinic.models import Member
from clinic.scope import ClinicOwned
from exercises.models import Exercise
from exercises.models.dose import DOSE_CONSTRAINTS, DoseFields

ON_SCALE = Q(score=None) | Q(score__lte=10)


class SessionLog(ClinicOwned):
    """One bout of exercise, told in one POST.

    `performed_at` in `time_zone` is when it happened, `recorded_at` when we heard of it. Pain is 0-10 (NPRS,
    CLINICAL.md section 1) or null: null is unknown, never zero. `client_id` comes from the form, so that a retry writes
    nothing twice; `body_digest` tells a retry from another body under the same id.
    """

    class Source(models.TextChoices):
        PAGE = "page", _("page")
        API = "api", _("app")
        DESK = "desk", _("at the desk")

    class Effort(models.IntegerChoices):
        VERY_EASY = 1, _("Very easy")
        EASY = 2, _("Easy")
        MODERATE = 3, _("Moderate")
        HARD = 4, _("Hard")
        ALL_OUT = 5, _("All out")

    athlete = models.ForeignKey(Athlete, models.CASCADE, related_name="logs")
    client_id = models.UUIDField()
    body_digest = models.CharField(max_length=64)
    block = models.ForeignKey(Block, models.PROTECT, related_name="logs")
    due = models.ForeignKey(DueSession, models.PROTECT, null=True, blank=True, related_name="logs")
    performed_at = models.DateTimeField()
    performed_on = models.DateField()
    time_zone = models.CharField(max_length=64)
    recorded_at = models.DateTimeField()
    source = models.CharField(max_length=8, choices=Source)
    entered_by = models.ForeignKey(Member, models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=12, choices=DueSession.State)  # done, partly or missed, as a whole
    pain_during = models.PositiveSmallIntegerField(null=True, blank=True)
    pain_after = models.PositiveSmallIntegerField(null=True, blank=True)
    stopped_for_pain = models.BooleanField(default=False)
    effort = models.PositiveSmallIntegerField(null=True, blank=True, choices=Effort)
    note = models.TextField(blank=True, max_length=2000)
    corrects = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="correction")

    class Meta(ClinicOwned.Meta):
        constraints = (
            models.UniqueConstraint(fields=["clinic", "athlete", "client_id"], name="log_once"),
            models.CheckConstraint(condition=Q(pain_during=None) | Q(pain_during__lte=10), name="pain_during_on_scale"),
            models.CheckConstraint(condition=Q(pain_after=None) | Q(pain_after__lte=10), name="pain_after_on_scale"),
            models.CheckConstraint(condition=Q(outcome__in=["done", "partly", "missed"]), name="log_outcome"),
        )
        indexes = (Index(fields=["clinic", "athlete", "performed_on"], name="log_of_athlete"),)

    def __str__(self) -> str:
        return f"{self.performed_on} {self.outcome}"


class Entry(ClinicOwned, DoseFields):
    """One exercise in a log. The dose is the target copied in, so that "8 of 10" can be recomputed for ever."""

    class Done(models.TextChoices):
        DONE = "done", _("Done")
        PARTLY = "partly", _("Partly")
        SKIPPED = "skipped", _("Skipped")

    class Barrier(models.TextChoices):
        """Reasons to skip: CLINICAL.md section 3, barrier codes."""

        FORGOT = "forgot", _("Forgot")
        NO_TIME = "no_time", _("No time")
        TOO_PAINFUL = "too_painful", _("Too painful")
        TOO_TIRED = "too_tired", _("Too tired")
        ILL = "ill", _("Ill")
        TRAVELLING = "travelling", _("Travelling")
        NO_EQUIPMENT = "no_equipment", _("No equipment or space")
        UNSURE_HOW = "unsure_how", _("Unsure how")
        BORING = "boring", _("Boring")
        FEELS_BETTER = "feels_better", _("Feels better")
        OTHER = "other", _("Other")

    class SideDone(models.TextChoices):
        BOTH = "both", _("Both sides")
        LEFT = "left", _("Left only")
        RIGHT = "right", _("Right only")

    log = models.ForeignKey(SessionLog, models.CASCADE, related_name="entries")
    prescription = models.ForeignKey(Prescription, models.PROTECT, related_name="+")
    exercise = models.ForeignKey(Exercise, models.PROTECT, related_name="+")
    order = models.PositiveSmallIntegerField(default=0)
    done = models.CharField(max_length=8, choices=Done)
    side_done = models.CharField(max_length=5, choices=SideDone, blank=True)  # blank: the exercise has no sides
    skipped_reason = models.CharField(max_length=16, choices=Barrier, blank=True)

    class Meta(ClinicOwned.Meta):
        ordering = ("order",)
        constraints = (
            *DOSE_CONSTRAINTS,
            models.UniqueConstraint(fields=["clinic", "log", "prescription"], name="entry_once_a_log"),
            models.CheckConstraint(condition=~Q(done="skipped") | ~Q(skipped_reason=""), name="skipped_has_reason"),
        )

    def __str__(self) -> str:
        return f"{self.exercise_id} {self.done}"


class PainReport(ClinicOwned):
    """One answer about pain outside a session's log. Score 0-10 or null: "not sure" is an answer, and unknown."""

    class Context(models.TextChoices):
        """CLINICAL.md section 1, contexts."""

        NEXT_MORNING = "next_morning", _("Next morning")
        REST_NOW = "rest_now", _("At rest")
        DURING_RUN = "during_run", _("During a run")
        AFTER_RUN = "after_run", _("After a run")
        SITTING = "sitting", _("Sitting")
        NIGHT = "night", _("At night")

    class Side(models.TextChoices):
        LEFT = "left", _("Left")
        RIGHT = "right", _("Right")
        BOTH = "both", _("Both sides")
        MIDDLE = "middle", _("Middle")

    athlete = models.ForeignKey(Athlete, models.CASCADE, related_name="pain_reports")
    client_id = models.UUIDField()
    context = models.CharField(max_length=16, choices=Context)
    score = models.PositiveSmallIntegerField(null=True, blank=True)
    site = models.CharField(max_length=40, blank=True, default="low_back")
    side = models.CharField(max_length=8, choices=Side, blank=True)
    stopped = models.BooleanField(default=False)
    about_on = models.DateField()
    performed_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    entered_by = models.ForeignKey(Member, models.PROTECT, related_name="+")
    note = models.TextField(blank=True, max_length=2000)

    class Meta(ClinicOwned.Meta):
        constraints = (
            models.UniqueConstraint(fields=["clinic", "athlete", "client_id"], name="pain_report_once"),
            models.CheckConstraint(condition=ON_SCALE, name="pain_score_on_scale"),
        )
        indexes = (Index(fields=["clinic", "athlete", "about_on"], name="pain_of_athlete"),)

    def __str__(self) -> str:
        return f"{self.context} {self.score}"
