"""The reference's tables: as many columns as the work needs, and no tenancy."""

from typing import ClassVar

from django.conf import settings
from django.db import models


class Item(models.Model):
    """An exercise of a plan."""

    name = models.CharField(max_length=80)
    objects: ClassVar[models.Manager["Item"]]

    def __str__(self) -> str:
        return self.name


class Movement(models.Model):
    """An exercise of a library, column for column."""

    code = models.SlugField(max_length=64)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=12)
    laterality = models.CharField(max_length=12)
    regions = models.JSONField()
    equipment = models.JSONField()
    steps = models.JSONField()
    cues = models.JSONField()
    mistakes = models.JSONField()
    caution_tags = models.JSONField()
    avoid_when = models.TextField()
    dose_source = models.CharField(max_length=200)
    figure = models.CharField(max_length=64)
    source = models.CharField(max_length=200)
    licence = models.CharField(max_length=80)
    catalogue_version = models.CharField(max_length=16)
    revision = models.PositiveIntegerField()
    measure = models.CharField(max_length=12)
    sets = models.PositiveSmallIntegerField()
    reps = models.PositiveSmallIntegerField(null=True)
    reps_max = models.PositiveSmallIntegerField(null=True)
    reps_pattern = models.CharField(max_length=40)
    hold_s = models.PositiveSmallIntegerField(null=True)
    time_s = models.PositiveSmallIntegerField(null=True)
    distance_m = models.PositiveIntegerField(null=True)
    breaths = models.PositiveSmallIntegerField(null=True)
    side = models.CharField(max_length=12)
    rest_s = models.PositiveSmallIntegerField()
    tempo = models.CharField(max_length=8)
    load_kind = models.CharField(max_length=8)
    load_kg = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    band = models.CharField(max_length=20)
    effort_rpe = models.PositiveSmallIntegerField(null=True)
    objects: ClassVar[models.Manager["Movement"]]

    def __str__(self) -> str:
        return self.name


class Log(models.Model):
    """A session."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    pain = models.PositiveSmallIntegerField()
    note = models.TextField()
    at = models.DateTimeField(auto_now_add=True)
    objects: ClassVar[models.Manager["Log"]]

    def __str__(self) -> str:
        return str(self.pk)


class LogEntry(models.Model):
    """One exercise of a session."""

    log = models.ForeignKey(Log, models.CASCADE, related_name="entries")
    item = models.ForeignKey(Item, models.CASCADE, related_name="+")
    done = models.CharField(max_length=8)
    sets = models.PositiveSmallIntegerField()
    reps = models.PositiveSmallIntegerField()
    objects: ClassVar[models.Manager["LogEntry"]]

    def __str__(self) -> str:
        return self.done
