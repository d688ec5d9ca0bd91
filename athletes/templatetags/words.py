"""Small words of the clinic's pages: rates, days, places, where pain goes, what became of a message."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import template
from django.utils.dateformat import format as format_date
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from athletes.rules.adherence import Rate
from clinic.figures import Band, pain_shape
from clinic.models import Message

register = template.Library()

DASH = "\N{EN DASH}"
TRENDS = {
    "rising": lazy("rising"),
    "falling": lazy("falling"),
    "steady": lazy("steady"),
    "settled": lazy("settled"),
    "too_early": lazy("too early"),
    "unknown": lazy("unknown"),
    "paused": lazy("paused"),
}
MESSAGES = {
    "nudge": lazy("Reminder"),
    "invitation": lazy("Invitation"),
    "alert": lazy("Alert mail"),
}
NOT_SENT = {
    "logged": lazy("already logged"),
    "paused": lazy("paused"),
    "on_hold": lazy("on hold"),
    "discharged": lazy("discharged"),
    "alert_open": lazy("an alert is open"),
    "unsubscribed": lazy("reminders are switched off"),
    "setting": lazy("reminders are switched off"),
    "bounced": lazy("the address does not take mail"),
    "expired": lazy("too late to be of use"),
    "suppressed": lazy("reminders are switched off"),
    "inactive": lazy("no longer a member"),
    "program_ended": lazy("the program has ended"),
    "lost_in_data": lazy("may or may not have arrived"),
    "not_written": lazy("could not be written"),
    "not_tried": lazy("the mail server did not answer"),
}
ANSWERED = ("mail_", "rcpt_", "data_")  # and the server's reply code: see clinic.channels


@register.filter
def city(zone: str) -> str:
    """Say a time zone as a place: "Lisbon"."""
    return zone.rpartition("/")[2].replace("_", " ")


@register.simple_tag
def rate(found: Rate) -> str:
    """Say a rate in percent; a dash where too little is known."""
    return DASH if found.percent is None else str(found.percent)


@register.simple_tag
def rate_counts(found: Rate) -> str:
    """Say the counts behind a rate."""
    told = _("%(done)d of %(due)d") % {"done": found.done, "due": found.due}
    if found.unanswered:
        told += ", " + ngettext("%(n)d unknown", "%(n)d unknown", found.unanswered) % {"n": found.unanswered}
    return told


@register.filter
def trend_word(trend: str) -> str:
    """Say where pain is going."""
    return str(TRENDS.get(trend, TRENDS["unknown"]))


@register.filter
def day(on: date | None) -> str:
    """Say a day: "Sun 22 Nov"."""
    return format_date(on, "D j M") if on else DASH


@register.filter
def listed(names: Sequence[str], most: int | None = None) -> str:
    """Say names in a row: "Squat", "Squat and Plank", "Squat, Plank and Bridge"; no more than `most`, then how many more."""
    *told, last = names if most is None else names[:most]
    if rest := len(names) - len(told) - 1:
        told, last = [*told, last], ngettext("%(n)d more", "%(n)d more", rest) % {"n": rest}
    return _("%(names)s and %(last)s") % {"names": ", ".join(told), "last": last} if told else last


@register.filter
def of(found: Mapping[Any, Any], key: object) -> Any:
    """Return what is known of a key, or nothing."""
    return found.get(key)


@register.filter
def message_kind(message: Message) -> str:
    """Say what a message was for."""
    return str(MESSAGES.get(message.kind, message.kind))


@register.filter
def message_reason(message: Message) -> str:
    """Say why a message was not sent, or failed."""
    if message.reason in NOT_SENT:
        return str(NOT_SENT[message.reason])
    if message.reason.startswith(ANSWERED):
        return _("the mail server refused it (%(code)s)") % {"code": message.reason.partition("_")[2]}
    return _("not delivered (%(code)s)") % {"code": message.reason}


@register.simple_tag
def pain_shape_of(kind: Band) -> SafeString:
    """Draw a band's mark for a legend."""
    shape = mark_safe(pain_shape(kind, 7, 7.4, 4, "p-edge"))
    return format_html('<svg viewBox="0 0 14 14" aria-hidden="true">{}</svg>', shape)
