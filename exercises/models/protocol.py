"""Reusable templates: what a program can start from."""

from typing import Any, ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from clinic.scope import ClinicManager, ClinicOwned, ClinicQuerySet
from exercises.models.dose import DOSE_CONSTRAINTS, DoseFields
from exercises.models.exercise import Exercise
from exercises.models.revised import Revised
from exercises.models.schedule import SCHEDULE_CONSTRAINTS, ScheduleFields


class ProtocolQuerySet(ClinicQuerySet):
    """Protocols in the scope."""

    def current(self) -> Self:
        """Return what a program can still start from."""
        return self.filter(retired_at=None)


class ProtocolManager(ClinicManager.from_queryset(ProtocolQuerySet)):  # type: ignore[misc]
    """Scoped like every tenant manager."""


class Protocol(ClinicOwned, Revised):
    """A template in phases. A program copies from it; changing it changes no program."""

    code = models.SlugField(_("code"), max_length=64)
    name = models.CharField(_("name"), max_length=120)
    summary = models.TextField(_("summary"), blank=True)
    audience = models.CharField(_("for whom"), max_length=300, blank=True)
    source = models.TextField(_("source"), blank=True)

    objects: ClassVar[Any] = ProtocolManager()

    class Meta(ClinicOwned.Meta):
        ordering = ("name",)
        constraints = (models.UniqueConstraint(fields=["clinic", "code"], name="protocol_code_once"),)

    def __str__(self) -> str:
        return self.name


class ProtocolPhase(ClinicOwned):
    """A stretch of a protocol. A person decides that its exit criteria are met (a list of criterion_json)."""

    protocol = models.ForeignKey(Protocol, models.CASCADE, related_name="phases")
    order = models.PositiveSmallIntegerField(_("order"))
    name = models.CharField(_("name"), max_length=120)
    exit_criteria = models.JSONField(_("go on when"), default=list, blank=True)

    class Meta(ClinicOwned.Meta):
        ordering = ("order",)
        constraints = (models.UniqueConstraint(fields=["clinic", "protocol", "order"], name="phase_order_once"),)

    def __str__(self) -> str:
        return self.name


class ProtocolBlock(ClinicOwned, ScheduleFields):
    """A part of a phase with one schedule."""

    phase = models.ForeignKey(ProtocolPhase, models.CASCADE, related_name="blocks")
    title = models.CharField(_("title"), max_length=80)
    order = models.PositiveSmallIntegerField(_("order"))

    class Meta(ClinicOwned.Meta):
        ordering = ("order",)
        constraints = (
            *SCHEDULE_CONSTRAINTS,
            models.UniqueConstraint(fields=["clinic", "phase", "order"], name="protocol_block_order_once"),
        )

    def __str__(self) -> str:
        return self.title


class ProtocolItem(ClinicOwned, DoseFields):
    """One exercise in a block, with its dose."""

    block = models.ForeignKey(ProtocolBlock, models.CASCADE, related_name="items")
    exercise = models.ForeignKey(Exercise, models.PROTECT, related_name="+")
    order = models.PositiveSmallIntegerField(_("order"))
    note = models.CharField(_("note for the runner"), max_length=300, blank=True)
    in_bad_day_set = models.BooleanField(_("part of the five-minute version"), default=False)

    class Meta(ClinicOwned.Meta):
        ordering = ("order",)
        constraints = (
            *DOSE_CONSTRAINTS,
            models.UniqueConstraint(fields=["clinic", "block", "order"], name="protocol_item_order_once"),
        )

    def __str__(self) -> str:
        return str(self.exercise_id)
