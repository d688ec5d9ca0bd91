"""Proof that the machinery works, from completed work only."""

from django.db import models


class Heartbeat(models.Model):
    """When a part last finished what it is for (`beat`, `sweep`, `full_sweep`, `deliver`). Holds no tenant's data."""

    name = models.CharField(max_length=32, primary_key=True)
    at = models.DateTimeField()
    detail = models.JSONField(default=dict)  # counts only

    def __str__(self) -> str:
        return self.name
