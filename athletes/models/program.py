"""What was prescribed: a program, its editions, their blocks and lines."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from athletes.models.athlete import Athlete
from clinic.ids import uuid7
from clinic.models import Member
from clinic.scope import ClinicManager, ClinicOwned, ClinicQuerySet
from exercises.models import Exercise
from exercises.models.dose import DOSE_CONSTRAINTS, DoseFields
from exercises.models.schedule import SCHEDULE_CONSTRAINTS, ScheduleFields

NEVER = "A published edition never changes."


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


class EditionQuerySet(ClinicQuerySet):
    """Editions or parts of them: in bulk, too, they change only while they are a draft (ARCHITECTURE.md law 2)."""

    def update(self, **kwargs: Any) -> int:
        self._refuse_published()
        return super().update(**kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        self._refuse_published()
        return super().delete()

    def bulk_create(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> list[Any]:
        rows = list(objs)
        refuse_published({row.edition_id() for row in rows if not isinstance(row, ProgramVersion)})
        return super().bulk_create(rows, *args, **kwargs)

    def _refuse_published(self) -> None:
        if self.filter(**{self.model.STATE: ProgramVersion.State.PUBLISHED}).exists():
            raise TypeError(NEVER)


def refuse_published(editions: Collection[object]) -> None:
    """Raise TypeError if one of these is published: what is stored decides, not what an instance says."""
    if editions and ProgramVersion.objects.filter(pk__in=editions, state=ProgramVersion.State.PUBLISHED).exists():
        raise TypeError(NEVER)


class EditionManager(ClinicManager.from_queryset(EditionQuerySet)):  # type: ignore[misc]
    """Scoped like every tenant manager."""


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
    # Typed as never null: only a draft has no day yet, and nothing asks a draft for one.
    effective_on: "models.DateField[date, date]" = models.DateField(_("from"), null=True, blank=True)  # type: ignore[misc]
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    drafted_by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")
    published_by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField()

    objects: ClassVar[Any] = EditionManager()
    STATE: ClassVar[str] = "state"

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

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:  # publishing is one conditional update, so nobody saves a published edition
            refuse_published([self.pk])
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        refuse_published([self.pk])
        return super().delete(*args, **kwargs)


class VersionPart(ClinicOwned):
    """A part of an edition: it changes only while its edition is a draft (ARCHITECTURE.md law 2)."""

    objects: ClassVar[Any] = EditionManager()
    STATE: ClassVar[str]

    class Meta(ClinicOwned.Meta):
        abstract = True

    def edition_id(self) -> UUID:
        """Return the id of the edition this is part of."""
        raise NotImplementedError

    def save(self, *args: Any, **kwargs: Any) -> None:
        refuse_published([self.edition_id()])
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        refuse_published([self.edition_id()])
        return super().delete(*args, **kwargs)


class Block(VersionPart, ScheduleFields):
    """A part of an edition with one schedule. `lineage` stays the same from edition to edition."""

    version = models.ForeignKey(ProgramVersion, models.CASCADE, related_name="blocks")
    lineage = models.UUIDField(default=uuid7, editable=False)
    title = models.CharField(_("title"), max_length=80)
    order = models.PositiveSmallIntegerField(default=0)

    STATE = "version__state"

    class Meta(VersionPart.Meta):
        ordering = ("order",)
        constraints = (
            *SCHEDULE_CONSTRAINTS,
            models.UniqueConstraint(fields=["clinic", "version", "lineage"], name="block_lineage_once"),
        )

    def __str__(self) -> str:
        return self.title

    def edition_id(self) -> UUID:
        return self.version_id


class Prescription(VersionPart, DoseFields):
    """One exercise in one block, with its dose."""

    block = models.ForeignKey(Block, models.CASCADE, related_name="prescriptions")
    exercise = models.ForeignKey(Exercise, models.PROTECT, related_name="+")
    order = models.PositiveSmallIntegerField(default=0)
    note = models.CharField(_("note for the runner"), max_length=300, blank=True)
    in_bad_day_set = models.BooleanField(_("part of the five-minute version"), default=False)

    STATE = "block__version__state"

    class Meta(VersionPart.Meta):
        ordering = ("order",)
        constraints = DOSE_CONSTRAINTS

    def __str__(self) -> str:
        return str(self.exercise_id)

    def edition_id(self) -> UUID:
        return self.block.version_id
