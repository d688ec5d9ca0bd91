"""The words for what a runner can read about (exercises/kinds.py)."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from exercises.kinds import CardKind, Factor

CARD_KINDS: dict[CardKind, Promise] = {
    CardKind.KEY_MESSAGE: _("First things first"),
    CardKind.CAUSE: _("What a back can hurt from"),
    CardKind.PREVENTION: _("What may keep it well"),
    CardKind.TRAINING: _("Running while it is sore"),
    CardKind.FORM: _("How you run"),
    CardKind.HEALING: _("What may ease it"),
    CardKind.HELP: _("When and how to get help"),
    CardKind.FAQ: _("Questions"),
}
FACTORS: dict[Factor, Promise] = {
    Factor.STRAIN: _("muscle strain"),
    Factor.OVERUSE: _("overuse"),
    Factor.LOAD_SPIKE: _("a jump in training"),
    Factor.IMBALANCE: _("sides or muscles out of balance"),
    Factor.WEAKNESS: _("weakness"),
    Factor.TIGHTNESS: _("tightness"),
    Factor.BIOMECHANICS: _("build and movement"),
    Factor.RUNNING_FORM: _("running form"),
    Factor.FOOTWEAR: _("shoes"),
    Factor.SURFACE: _("ground"),
    Factor.NO_WARM_UP: _("no warm-up or cool-down"),
    Factor.HERNIATED_DISC: _("herniated disc in the past"),
    Factor.SI_JOINT: _("sacroiliac joint"),
    Factor.FACET_JOINT: _("facet joints"),
    Factor.BONE_STRESS: _("bone stress"),
    Factor.LOW_ENERGY: _("too little energy"),
    Factor.SITTING: _("long sitting"),
    Factor.INACTIVITY: _("too little movement"),
    Factor.STRESS: _("stress"),
    Factor.SLEEP: _("sleep"),
    Factor.MOOD: _("mood"),
    Factor.PAIN_RELIEF: _("pain relief taken"),
    Factor.PAIN_PERSISTS: _("pain that stays"),
}
