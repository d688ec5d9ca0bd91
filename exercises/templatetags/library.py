"""Codes of the library in words."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import TypeVar

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from exercises.kinds import Caution, Equipment, Kind, Laterality, Region
from exercises.models import labels

register = template.Library()
Code = TypeVar("Code", bound=StrEnum)


@register.filter
def kind_word(code: str) -> str:
    """Say a kind: "Strength"."""
    return str(labels.KINDS[Kind(code)])


@register.filter
def laterality_words(code: str) -> str:
    """Say how a movement uses its sides: "one side, then the other"."""
    return str(labels.LATERALITIES[Laterality(code)])


@register.filter
def region_words(codes: Iterable[str]) -> str:
    """Say regions: "glutes, hip, core"."""
    return _listed(labels.REGIONS, (Region(code) for code in codes))


@register.filter
def equipment_words(codes: Iterable[str]) -> str:
    """Say what is needed: "mat, band", or "no equipment"."""
    return _listed(labels.EQUIPMENT, (Equipment(code) for code in codes)) or _("no equipment")


@register.filter
def caution_word(code: str) -> str:
    """Say a caution: "bends the spine"."""
    return str(labels.CAUTIONS[Caution(code)])


def _listed(words: Mapping[Code, Promise], codes: Iterable[Code]) -> str:
    return ", ".join(str(words[code]) for code in codes)
