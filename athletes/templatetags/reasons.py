"""The words for what the rules found and why a runner stands where they stand. Codes in, sentences out."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from athletes.facts.roster import Row
from athletes.models import Alert, AlertEvent, EscalationRule
from athletes.rules.triage import Reason
from athletes.rules.windows import local_date
from athletes.templatetags import words

register = template.Library()

PAIN = {
    "session": lazy("Pain %(score)s in a session"),
    "next_morning": lazy("Pain %(score)s the next morning"),
    "rest_now": lazy("Pain %(score)s at rest"),
    "during_run": lazy("Pain %(score)s during a run"),
    "after_run": lazy("Pain %(score)s after a run"),
    "sitting": lazy("Pain %(score)s sitting"),
    "night": lazy("Pain %(score)s at night"),
}

SILENCES = ("N4", "N5")
NAMED = 2  # exercises that a line of a list names

Facts = Mapping[str, Any]


@register.simple_tag(takes_context=True)
def alert_reason(context: Mapping[str, Any], alert: Alert) -> str:
    """Word what an alert says; of a silence that still lasts, the days as they are now."""
    if (days := _still_silent(alert, context["request"].now)) is not None:
        return _no_log(days)
    return REASONS.get(alert.kind, _other)(alert.evidence)


def _still_silent(alert: Alert, now: datetime) -> int | None:
    said = alert.evidence
    if alert.kind not in SILENCES or said["silent_days"] < said["silent_days_at_least"]:
        return None
    if alert.state == Alert.State.RESOLVED or not Alert.athlete.is_cached(alert):
        return None
    logged_at, zone = alert.athlete.last_logged_at, alert.athlete.time_zone
    if logged_at is not None and logged_at > alert.opened_at:
        return None
    since: int = (local_date(now, zone) - local_date(alert.opened_at, zone)).days
    return since + said["silent_days"]


@register.simple_tag
def event_reason(alert: Alert, event: AlertEvent) -> str:
    """Word the finding that an event of an alert's history tells of."""
    return REASONS.get(alert.kind, _other)(event.detail)


def _pain(said: Facts) -> str:
    told = []
    if said.get("score") is not None:
        told.append(str(PAIN.get(str(said.get("context")), lazy("Pain %(score)s"))) % {"score": said["score"]} + ".")
    if said.get("stopped"):
        told.append(_("Stopped because of pain."))
    return " ".join(told)


def _morning(said: Facts) -> str:
    return _("Next morning %(score)s, usual %(usual)s.") % {"score": said["score"], "usual": f"{said['usual']:g}"}


def _left_out(said: Facts) -> str:
    if names := said.get("exercises"):
        return _("%(names)s skipped: too painful.") % {"names": words.listed(names, NAMED)}
    count = said["left_out"]  # an alert from before the names were kept
    return ngettext("%(n)d exercise skipped: too painful.", "%(n)d exercises skipped: too painful.", count) % {
        "n": count
    }


def _silence(said: Facts) -> str:
    if said["silent_days"] >= said["silent_days_at_least"]:
        return _no_log(said["silent_days"])
    return _("%(done)d of %(due)d sessions done in %(window_days)d days.") % said


def _no_log(days: int) -> str:
    return ngettext("No log for %(n)d day.", "No log for %(n)d days.", days) % {"n": days}


def _wrong(said: Facts) -> str:
    if said.get("score") is None:
        return _("Says that something feels wrong.")
    return _("Says that something feels wrong. Pain %(score)s.") % {"score": said["score"]}


def _other(said: Facts) -> str:
    del said
    return _("A rule of your clinic found something.")


REASONS: dict[str, Callable[[Facts], str]] = {
    "P1": _pain,
    "P2": _morning,
    "P3": _left_out,
    "N4": _silence,
    "N5": _silence,
    "feels_wrong": _wrong,
}
RULES = {
    "P1": lazy("pain of %(pain_at_least)s or more, or stopped because of pain"),
    "P2": lazy("next morning %(rise_at_least)s or more above usual"),
    "P3": lazy("%(left_out_at_least)s or more exercises of a session skipped as too painful"),
    "N4": lazy(
        "no log for %(silent_days)s days, or under %(rate_below)s %% of at least %(due_at_least)s sessions in "
        "%(window_days)s days"
    ),
    "N5": lazy("no log for %(silent_days)s days"),
    "feels_wrong": lazy("the runner pressed “Something feels wrong”, whatever the score"),
}


@register.simple_tag
def rule_line(rule: EscalationRule) -> str:
    """Word the line that a rule draws, with the numbers of its edition."""
    line = RULES.get(rule.kind)
    return str(line) % rule.thresholds if line else rule.get_kind_display()


@register.filter
def code(alert: Alert) -> str:
    """Return what a chip calls an alert: its rule where silence raised it, else its level."""
    return alert.kind if alert.kind in SILENCES else alert.level


@register.filter
def rule_name(rule: EscalationRule) -> str:
    """Name a rule as clinicians speak of it: P1, or “Something feels wrong”."""
    return f"“{rule.get_kind_display()}”" if rule.kind == EscalationRule.Kind.FEELS_WRONG else rule.kind


@register.simple_tag(takes_context=True)
def why(context: Mapping[str, Any], row: Row) -> str:
    """Word why a runner stands where they stand in the caseload; nothing when there is nothing to say."""
    if row.alert is not None:
        return str(alert_reason(context, row.alert))
    return WHY[row.reason](row) if row.reason in WHY else ""


def _why_sore(row: Row) -> str:
    if row.pain is None:
        return ""
    sore, told = row.pain.sore, []
    said = {"score": sore.score, "usual": _("not known yet") if sore.usual is None else f"{sore.usual:g}"}
    if sore.score is not None and sore.context == "next_morning":
        told.append(_("Next morning %(score)s, usual %(usual)s.") % said)
    elif sore.score is not None:
        told.append(_("Pain %(score)s in the last two days, usual %(usual)s.") % said)
    if sore.stopped:
        told.append(_("Stopped a session because of pain."))
    return " ".join(told)


def _why_paused(row: Row) -> str:
    until, reason = row.athlete.paused_until, row.athlete.paused_for
    told = _("Paused until %(day)s") % {"day": words.day(until)} if until else _("Paused until resumed")
    return f"{told}: {reason}" if reason else f"{told}."


def _why_held(row: Row) -> str:
    return _("On hold: %(reason)s") % {"reason": row.athlete.state_reason}


WHY: dict[Reason, Callable[[Row], str]] = {
    Reason.SILENT: lambda row: _no_log(row.silent_days),
    Reason.PAIN: _why_sore,
    Reason.ON_HOLD: _why_held,
    Reason.NO_PROGRAM: lambda _row: _("No program yet."),
    Reason.NOT_SIGNED_IN: lambda _row: _("Has not accepted the invitation yet."),
    Reason.NEW: lambda _row: _("First week. What is usual is still forming."),
    Reason.PAUSED: _why_paused,
}
