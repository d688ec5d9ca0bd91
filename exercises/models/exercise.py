"""What can be prescribed, one movement a row."""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Index, Q
from django.utils.translation import gettext_lazy as _

from clinic.scope import ClinicManager, ClinicOwned, ClinicQuerySet
from exercises.models.dose import DOSE_CONSTRAINTS, DoseFields
from exercises.models.labels import KINDS, LATERALITIES, choices
from exercises.models.revised import Revised


class ExerciseQuerySet(ClinicQuerySet):
    """Exercises in the scope."""

    def current(self) -> Self:
        """Return what can still be prescribed."""
        return self.filter(retired_at=None)


class ExerciseManager(ClinicManager.from_queryset(ExerciseQuerySet)):  # type: ignore[misc]
    """Scoped like every tenant manager."""


class Exercise(ClinicOwned, Revised, DoseFields):
    """A movement in a clinic's library, with the dose to begin with.

    Lists are JSON: they are shown whole and never joined. A retired exercise stays for the programs and logs that name
    it. `catalogue_version` is empty for a clinic's own exercise.
    """

    code = models.SlugField(_("code"), max_length=64)
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=12, choices=choices(KINDS))
    laterality = models.CharField(_("sides"), max_length=12, choices=choices(LATERALITIES))
    regions = models.JSONField(_("regions"), default=list, blank=True)
    equipment = models.JSONField(_("equipment"), default=list, blank=True)
    steps = models.JSONField(_("steps"), default=list)
    cues = models.JSONField(_("cues"), default=list, blank=True)
    mistakes = models.JSONField(_("common mistakes"), default=list, blank=True)
    caution_tags = models.JSONField(_("cautions"), default=list, blank=True)
    avoid_when = models.TextField(_("leave out when"), blank=True)
    dose_source = models.CharField(_("source of the dose"), max_length=200, blank=True)
    figure = models.CharField(_("figure"), max_length=64, blank=True)  # a movement that we draw; blank: none fits
    source = models.CharField(_("source"), max_length=200, blank=True)
    licence = models.CharField(_("licence"), max_length=80, blank=True)

    objects: ClassVar[Any] = ExerciseManager()

    class Meta(ClinicOwned.Meta):
        ordering = ("name",)
        constraints = (*DOSE_CONSTRAINTS, models.UniqueConstraint(fields=["clinic", "code"], name="exercise_code_once"))
        indexes = (Index(fields=["clinic", "name"], condition=Q(retired_at=None), name="exercise_library"),)

    def __str__(self) -> str:
        return self.name


class ExerciseLink(ClinicOwned):
    """One rung of a ladder: which exercise is the easier form of which. The lowest `order` is the first to try."""

    easier = models.ForeignKey(Exercise, models.CASCADE, related_name="to_harder")
    harder = models.ForeignKey(Exercise, models.CASCADE, related_name="to_easier")
    order = models.PositiveSmallIntegerField(default=0)

    class Meta(ClinicOwned.Meta):
        ordering = ("order",)
        constraints = (
            models.UniqueConstraint(fields=["clinic", "easier", "harder"], name="exercise_link_once"),
            models.CheckConstraint(condition=~Q(easier=F("harder")), name="exercise_link_between_two"),
        )

    def __str__(self) -> str:
        return f"{self.easier_id} < {self.harder_id}"
