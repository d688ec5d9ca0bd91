"""What a runner can read: short, sourced, honest about what is not known."""

from typing import Any, ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from clinic.scope import ClinicManager, ClinicOwned, ClinicQuerySet


class CardQuerySet(ClinicQuerySet):
    """Cards in the scope."""

    def current(self) -> Self:
        """Return what is still shown."""
        return self.filter(retired_at=None)


class CardManager(ClinicManager.from_queryset(CardQuerySet)):  # type: ignore[misc]
    """Scoped like every tenant manager."""


class EducationCard(ClinicOwned):
    """One thing to know, of a `kind` (exercises.kinds.CardKind).

    `body` is a list of paragraphs. `caveat` is what the claim does not say; `evidence` how strong it is, `source` where
    it comes from. `exercises` and `factors` are the codes that it is shown beside.
    """

    code = models.SlugField(_("code"), max_length=64)
    kind = models.CharField(_("kind"), max_length=16)
    title = models.CharField(_("title"), max_length=120)
    body = models.JSONField(_("text"), default=list)
    caveat = models.TextField(_("what it does not say"), blank=True)
    evidence = models.CharField(_("evidence"), max_length=300, blank=True)
    source = models.CharField(_("source"), max_length=300, blank=True)
    exercises = models.JSONField(_("exercises"), default=list, blank=True)
    factors = models.JSONField(_("factors"), default=list, blank=True)
    order = models.PositiveSmallIntegerField(default=0)
    catalogue_version = models.CharField(max_length=16, blank=True, editable=False)
    retired_at = models.DateTimeField(_("retired"), null=True, blank=True)

    objects: ClassVar[Any] = CardManager()

    class Meta(ClinicOwned.Meta):
        ordering = ("kind", "order", "title")
        constraints = (models.UniqueConstraint(fields=["clinic", "code"], name="education_card_code_once"),)

    def __str__(self) -> str:
        return self.title
