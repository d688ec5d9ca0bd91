"""Rules in force, as the pure rules want them."""

from django.db.models import QuerySet

from athletes.models import EscalationRule
from athletes.rules.pain import P1Thresholds, P2Thresholds, P3Thresholds
from clinic.compiled import compiled


def rules_in_force() -> dict[str, EscalationRule]:
    """Return the clinic's enabled rules by kind. One query."""
    return {rule.kind: rule for rule in EscalationRule.objects.filter(in_force=True, enabled=True)}


def session_rules() -> dict[str, EscalationRule]:
    """Return those that a session's log is judged by, in the same shape. One query."""
    return {rule.kind: rule for rule in _about_sessions()}


@compiled
def _about_sessions() -> QuerySet[EscalationRule]:
    kinds = (EscalationRule.Kind.P1, EscalationRule.Kind.P3)
    return EscalationRule.objects.filter(kind__in=kinds, in_force=True, enabled=True)


def p1(rules: dict[str, EscalationRule]) -> P1Thresholds | None:
    """Return P1's thresholds, or None where the clinic switched it off."""
    rule = rules.get(EscalationRule.Kind.P1)
    return P1Thresholds(**rule.thresholds) if rule else None


def p2(rules: dict[str, EscalationRule]) -> P2Thresholds | None:
    """Return P2's thresholds, or None where the clinic switched it off."""
    rule = rules.get(EscalationRule.Kind.P2)
    return P2Thresholds(**rule.thresholds) if rule else None


def p3(rules: dict[str, EscalationRule]) -> P3Thresholds | None:
    """Return P3's thresholds, or None where the clinic switched it off."""
    rule = rules.get(EscalationRule.Kind.P3)
    return P3Thresholds(**rule.thresholds) if rule else None
