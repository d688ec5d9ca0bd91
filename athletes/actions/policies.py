"""Escalation rules: the thresholds that a clinic starts with."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from athletes.models import EscalationRule
from clinic.actions import audit
from clinic.models import Member

Kind = EscalationRule.Kind


@dataclass(frozen=True)
class Default:
    """A rule as a clinic starts with it, with the source of its numbers."""

    kind: str
    level: str
    thresholds: dict[str, Any]
    source: str


DEFAULTS = (
    Default(Kind.P1, "P1", {"pain_at_least": 6}, "CLINICAL.md section 9 P1; bands by convention, section 1"),
    Default(Kind.P2, "P2", {"rise_at_least": 2}, "CLINICAL.md section 9 P2; 2 points is beyond error [S:childs]"),
    Default(Kind.P3, "P3", {"left_out_at_least": 1}, "CLINICAL.md section 9 P3, section 3 N3; one by convention"),
    Default(Kind.N1, "P4", {"per_day": 1, "per_week": 3}, "CLINICAL.md section 3 N1; caps by convention"),
    Default(
        Kind.N4,
        "P4",
        {"silent_days": 7, "rate_below": 50, "window_days": 14, "due_at_least": 4},
        "CLINICAL.md section 3 N4",
    ),
    Default(Kind.N5, "P4", {"silent_days": 14}, "CLINICAL.md section 3 N5"),
    Default(Kind.FEELS_WRONG, "P1", {}, "CLINICAL.md section 2: the always-visible button"),
)


@transaction.atomic
def adopt_defaults(*, by: Member | None, now: datetime) -> list[EscalationRule]:
    """Give the clinic in scope the rules it lacks. Doing it twice changes nothing."""
    known = set(EscalationRule.objects.values_list("kind", flat=True))
    missing = [default for default in DEFAULTS if default.kind not in known]
    rules = EscalationRule.objects.bulk_create(
        EscalationRule(kind=d.kind, level=d.level, thresholds=d.thresholds, source=d.source, made_by=by, made_at=now)
        for d in missing
    )
    if rules:
        audit.record("rules.adopted", by=by, now=now, kinds=[rule.kind for rule in rules])
    return list(rules)
