"""What a clinic changes over time, and what it once took from the catalogue."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Revised(models.Model):
    """A row of the library that is edited in place, each state kept as a version.

    `revision` counts its states from 1; an edit names the one it read. `catalogue_base` is the content as it was last
    taken from the catalogue (exercises/rules/content_json.py): what differs from it is the clinic's own. It is null for
    what is not from the catalogue, and for what was taken before bases were kept and not touched since.
    """

    revision = models.PositiveIntegerField(default=1, editable=False)
    changed_at = models.DateTimeField(_("changed"), null=True, editable=False)
    catalogue_version = models.CharField(max_length=16, blank=True, editable=False)
    catalogue_base = models.JSONField(null=True, editable=False)
    retired_at = models.DateTimeField(_("retired"), null=True, blank=True)

    class Meta:
        abstract = True
