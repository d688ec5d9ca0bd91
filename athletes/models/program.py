"""What was prescribed: a program, its editions, their blocks and lines."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from athletes.models.athlete import Athlete
from clinic.ids import uuid7
from clinic.models import Member
from clinic.scope import ClinicOwned
from exercises.models import Exercise
from exercises.models.dose import DOSE_CONSTRAINTS, DoseFields
from exercises.models.schedule import SCHEDULE_CONSTRAINTS, ScheduleFields


class Program(ClinicOwned):
    """What one athlete was given for one thing. Several run at once; priority 1 is drawn first."""

    class State(models.TextChoices):
        ACTIVE = "active", _("Active")
        ENDED = "ended", _("Ended")

    class Outcome(models.TextChoices):
        GOAL_MET = "goal_met", _("Goal met")
        IMPROVED = "improved", _("Improved, goal not met")
        NO_CHANGE = "no_change", _("No change")
        WORSE = "worse", _("Worse")
        REFERRED = "referred", _("Referred on")
        STOPPED = "stopped", _("Stopped by the runner")

    athlete = models.ForeignKey(Athlete, models.CASCADE, related_name="programs")
    title = models.CharField(_("title"), max_length=120)
    priority = models.PositiveSmallIntegerField(_("priority"), default=1)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.ACTIVE)
    outcome = models.CharField(_("outcome"), max_length=16, choices=Outcome, blank=True)
    ended_on = models.DateField(_("ended"), null=True, blank=True)
    created_at = models.DateTimeField(editable=False)

    class Meta(ClinicOwned.Meta):
        constraints = (
            models.CheckConstraint(
                condition=Q(state="active", ended_on=None, outcome="") | Q(state="ended", ended_on__isnull=False),
                name="program_end_has_day",
            ),
        )

    def __str__(self) -> str:
        return self.title


class ProgramVersion(ClinicOwned):
    """One edition of a program. A draft counts its revisions; once published it never changes."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", _("Published")

    program = models.ForeignKey(Program, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=12, choices=State, default=State.DRAFT)
    revision = models.PositiveIntegerField(default=0)
    protocol_code = models.CharField(max_length=64, blank=True)  # where it came from, by name: protocols may change
    effective_on = models.DateField(_("from"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    drafted_by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")
    published_by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField()

    class Meta(ClinicOwned.Meta):
        constraints = (
            models.UniqueConstraint(fields=["clinic", "program", "number"], name="version_number_once"),
            models.UniqueConstraint(fields=["clinic", "program"], condition=Q(state="draft"), name="one_draft"),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(effective_on__isnull=False, published_at__isnull=False),
                name="published_has_date",
            ),
        )

    def __str__(self) -> str:
        return f"v{self.number}"


class VersionPart(ClinicOwned):
    """A part of an edition: it changes only while its edition is a draft (ARCHITECTURE.md law 2)."""

    class Meta(ClinicOwned.Meta):
        abstract = True

    def edition(self) -> ProgramVersion:
        """The edition this is part of."""
        raise NotImplementedError

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.edition().state == ProgramVersion.State.PUBLISHED:
            raise TypeError("A published version never changes.")
        super().save(*args, **kwargs)


class Block(VersionPart, ScheduleFields):
    """A part of an edition with one schedule. `lineage` stays the same from edition to edition."""

    version = models.ForeignKey(ProgramVersion, models.CASCADE, related_name="blocks")
    lineage = models.UUIDField(default=uuid7, editable=False)
    title = models.CharField(_("title"), max_length=80)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta(VersionPart.Meta):
        ordering = ("order",)
        constraints = SCHEDULE_CONSTRAINTS

    def __str__(self) -> str:
        return self.title

    def edition(self) -> ProgramVersion:
        return self.version


class Prescription(VersionPart, DoseFields):
    """One exercise in one block, with its dose."""

    block = models.ForeignKey(Block, models.CASCADE, related_name="prescriptions")
    exercise = models.ForeignKey(Exercise, models.PROTECT, related_name="+")
    order = models.PositiveSmallIntegerField(default=0)
    note = models.CharField(_("note for the runner"), max_length=300, blank=True)
    in_bad_day_set = models.BooleanField(_("part of the five-minute version"), default=False)

    class Meta(VersionPart.Meta):
        ordering = ("order",)
        constraints = DOSE_CONSTRAINTS

    def __str__(self) -> str:
        return str(self.exercise_id)

    def edition(self) -> ProgramVersion:
        return self.block.version
