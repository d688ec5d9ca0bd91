"""Proof of completed work."""

from collections.abc import Mapping
from datetime import datetime

from clinic.models import Heartbeat


def beat(name: str, *, now: datetime, counts: Mapping[str, int]) -> None:
    """Say that a part has just finished what it is for. Called last: silence is the alarm."""
    row = Heartbeat(name=name, at=now, detail=dict(counts))
    Heartbeat.objects.bulk_create([row], update_conflicts=True, unique_fields=["name"], update_fields=["at", "detail"])
