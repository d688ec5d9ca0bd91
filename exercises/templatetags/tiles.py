"""The library's tiles, stars and filters, drawn from strings: a list has hundreds of them, and must not cost a page."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from functools import lru_cache
from typing import Any
from uuid import UUID

from django import template
from django.template import Context
from django.urls import Resolver404, resolve, reverse
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from clinic.onward import is_ours
from clinic.templatetags.look import icon
from exercises.forms.library import Asked, Option
from exercises.models import Exercise
from exercises.templatetags.figures import figure
from exercises.templatetags.library import equipment_words, kind_word, region_words

register = template.Library()

ANY = UUID(int=0)  # stands in an address where an exercise's id goes
SESSION = "athletes:log"  # the page on which a runner logs: named, not imported
TILE = (
    '<li class="tile-spot{beside}"><a class="tile" id="tile-{id}" href="{there}"><span class="stage wide">{figure}</span>'
    '<span class="name">{name}</span>{note}<span class="hint">{words}</span></a>\n{star}{pick}</li>\n'
)
PHOTO = '<img src="{}" alt="{}" loading="lazy">'
STAR = (
    '<button class="star" id="star-{id}" form="marks" formaction="{there}" hx-post="{there}" name="on" value="{on}"'
    ' aria-pressed="{pressed}" aria-label="{label}">{icon}</button>'
)
PICK = (
    '<label class="pick"><input type="checkbox" name="pick" value="{id}" id="pick-{id}"{checked} hx-get="{there}"'
    ' hx-target="#picked" hx-swap="outerHTML" hx-include="#find" hx-params="*" hx-trigger="change consume">'
    '<span>{word}<span class="visually-hidden"> {name}</span></span></label>'
)
BOX = (
    '<label class="filter"><input type="checkbox" name="{}" value="{}" id="{}"{}>{} '
    '<span class="num" id="n-{}" data-n="{}">{}</span></label>'
)
COUNT = '<span class="num" id="n-{}" data-n="{}" hx-swap-oob="true">{}</span>\n'


@register.simple_tag(takes_context=True)
def tiles(context: Context, rows: Iterable[Mapping[str, Any]]) -> SafeString:
    """Draw exercises as items of a list: staff may choose them for comparing. One that was not found says so."""
    staff, asked = context["shell"]["member"].is_staff_member, context["asked"]
    here, there, starring = reverse("exercises:library"), _address("exercise") + _back(asked), _address("favourite")
    none, compare = format_html('<span class="hint align-self-center">{}</span>', _("no picture yet")), _("Compare")
    said = '<span class="beside-note">{}</span>'
    beside, retired = format_html(said, _("not in this search")), format_html(said, _("Retired"))
    drawn = []
    for row in rows:
        pk, name = str(row["id"]), row["name"]
        checked = mark_safe(" checked" if row["id"] in asked.picks else "")
        pick = format_html(PICK, id=pk, name=name, there=here, word=compare, checked=checked) if staff else ""
        words = _words(row["kind"], tuple(row["regions"]), tuple(row["equipment"]), get_language() or "")
        drawn.append(
            format_html(
                TILE, id=pk, name=name, words=words, figure=figure(row["figure"]) or _photo(row["photo"]) or none, pick=pick,
                there=there.replace(str(ANY), pk), star=_star(row, starring),
                beside="" if row["found"] else " beside", note=beside if not row["found"] else retired if row["retired_at"] else "",
            )
        )  # fmt: skip
    return mark_safe("".join(drawn))


@register.simple_tag(takes_context=True)
def way_back(context: Context) -> SafeString:
    """Draw the crumb: to the page of ours that `back` in the address names, the library's search included; else to the library."""
    there, word = reverse("exercises:library"), _("Library")
    wished = context["request"].GET.get("back", "")
    if is_ours(wished, context["request"]):
        with suppress(Resolver404):
            page = resolve(wished.partition("?")[0].partition("#")[0]).view_name
            words = {"exercises:library": word, SESSION: _("Back to your session")}
            there, word = wished, words.get(page, _("Back"))
    return format_html('<a href="{}">{} {}</a>', there, icon("arrow-left"), word)


@register.simple_tag
def in_short(exercise: Exercise) -> str:
    """Say of an exercise what its tile says: "Strength · glutes, hip · mat"."""
    return _words(exercise.kind, tuple(exercise.regions), tuple(exercise.equipment), get_language() or "")


@register.simple_tag
def star(row: Mapping[str, Any]) -> SafeString:
    """Draw the star of one exercise: a button of the form `marks`."""
    return _star(row, _address("favourite"))


@register.simple_tag
def boxes(options: Iterable[Option]) -> SafeString:
    """Draw filters to tick, each with what it would find."""
    checked = mark_safe(" checked")
    rows = ((b.group, b.code, b.id, checked if b.on else "", b.label, b.id, b.count, b.count) for b in options)
    return format_html_join("", BOX, rows)


@register.simple_tag
def counts(options: Mapping[str, Iterable[Option]]) -> SafeString:
    """Draw what each filter would find now, for the boxes on the page."""
    rows = ((box.id, box.count, box.count) for group in options.values() for box in group)
    return format_html_join("", COUNT, rows)


def _back(asked: Asked) -> str:
    """Return what takes the search along to an exercise's page; nothing when nothing was asked."""
    address = asked.address()
    return "" if address == "?" else "?" + urlencode({"back": reverse("exercises:library") + address})


def _photo(said: Mapping[str, str] | None) -> SafeString:
    if said is None:
        return SafeString("")
    return format_html(PHOTO, reverse("exercises:media_file", args=[UUID(said["id"])]), said["alt"])


def _star(row: Mapping[str, Any], address: str) -> SafeString:
    return format_html(
        STAR,
        id=row["id"],
        there=address.replace(str(ANY), str(row["id"])),
        on="" if row["starred"] else "1",
        pressed="true" if row["starred"] else "false",
        label=_("Favourite: %(name)s") % {"name": row["name"]},
        icon=icon("star-fill" if row["starred"] else "star"),
    )


def _address(view: str) -> str:
    return reverse(f"exercises:{view}", args=[ANY])


@lru_cache(maxsize=1024)
def _words(kind: str, regions: tuple[str, ...], equipment: tuple[str, ...], language: str) -> str:
    del language  # part of the key
    return " · ".join(filter(None, (kind_word(kind), region_words(regions), equipment_words(equipment))))
