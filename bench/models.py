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
