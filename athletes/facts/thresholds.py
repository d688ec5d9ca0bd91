"""Rules in force, as the pure rules want them."""

from django.db.models import QuerySet

from athletes.models import EscalationRule
from athletes.rules.pain import P1Thresholds, P2Thresholds
from clinic.compiled import compiled


def rules_in_force() -> dict[str, EscalationRule]:
    """Return the clinic's enabled rules by kind. One query."""
    return {rule.kind: rule for rule in EscalationRule.objects.filter(in_force=True, enabled=True)}


def rule_in_force(kind: str) -> dict[str, EscalationRule]:
    """Return one kind's rule, in the same shape. One query."""
    return {rule.kind: rule for rule in _in_force(kind)}


@compiled
def _in_force(kind: str) -> QuerySet[EscalationRule]:
    return EscalationRule.objects.filter(kind=kind, in_force=True, enabled=True)


def p1(rules: dict[str, EscalationRule]) -> P1Thresholds | None:
    """Return P1's thresholds, or None where the clinic switched it off."""
    rule = rules.get(EscalationRule.Kind.P1)
    return P1Thresholds(**rule.thresholds) if rule else None


def p2(rules: dict[str, EscalationRule]) -> P2Thresholds | None:
    """Return P2's thresholds, or None where the clinic switched it off."""
    rule = rules.get(EscalationRule.Kind.P2)
    return P2Thresholds(**rule.thresholds) if rule else None
