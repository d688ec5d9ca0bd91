"""What a clinic looked at in a newer catalogue and did not want."""

from django.db import models

from clinic.models import Member
from clinic.scope import ClinicOwned


class CatalogueLeft(ClinicOwned):
    """One change that was left, by the catalogue's code: also one of an entry that the clinic does not have.

    It counts until the catalogue says something else: `digest` is of what it said.
    """

    part = models.CharField(max_length=12)  # exercises.kinds.Part
    code = models.SlugField(max_length=64)
    digest = models.CharField(max_length=64)
    by = models.ForeignKey(Member, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta(ClinicOwned.Meta):
        constraints = (models.UniqueConstraint(fields=["clinic", "part", "code"], name="catalogue_left_once"),)

    def __str__(self) -> str:
        return f"{self.part} {self.code}"
