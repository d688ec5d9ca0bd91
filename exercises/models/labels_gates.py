"""The words for the gates between phases (exercises/kinds.py)."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from exercises.kinds import Gauge, Operator, Proof
from exercises.rules.criteria import Unit

PROOFS: dict[Proof, Promise] = {
    Proof.SELF_REPORT: _("runner’s answer"),
    Proof.LOGGED: _("logged"),
    Proof.CLINICIAN: _("clinician’s check"),
}
GAUGES: dict[Gauge, Promise] = {
    Gauge.NEXT_MORNING_PAIN: _("Next-morning pain"),
    Gauge.NEXT_MORNING_RISE: _("Next morning, above usual"),
    Gauge.SESSION_PEAK_PAIN: _("Highest pain in a session"),
    Gauge.RUN_PEAK_PAIN: _("Highest pain in a run"),
    Gauge.SITTING_PAIN: _("Pain when sitting"),
    Gauge.EFFORT: _("Effort"),
    Gauge.LEG_SYMPTOMS: _("New leg symptoms"),
    Gauge.LIMP: _("Limp"),
    Gauge.NIGHT_PAIN: _("Pain at night"),
    Gauge.SESSION_DONE: _("Session done"),
    Gauge.RUN_DONE: _("Run done"),
    Gauge.WALK_MINUTES: _("Walk"),
    Gauge.RUN_MINUTES: _("Run"),
    Gauge.HOLD_SECONDS: _("Hold"),
    Gauge.REPS_DONE: _("Repetitions in a set"),
    Gauge.LOAD_KG: _("Load"),
    Gauge.SINGLE_LEG_STAND_S: _("Stand on one leg, left and right"),
    Gauge.SINGLE_LEG_SQUATS: _("Squats on one leg, left and right"),
    Gauge.HOPS: _("Hops on one leg, left and right"),
    Gauge.JOG_ON_SPOT_S: _("Jog on the spot"),
    Gauge.MOVEMENT_QUALITY: _("Good movement"),
    Gauge.RED_FLAGS_CLEAR: _("Red-flag questions asked and clear"),
    Gauge.GOAL_REACHED: _("The runner’s goal is reached"),
    Gauge.OTHER: _("Something else"),
}
# A yes/no gauge where "no" has words of its own; elsewhere the label and "no" say it.
WITHOUT: dict[Gauge, Promise] = {
    Gauge.LEG_SYMPTOMS: _("No new leg symptoms"),
    Gauge.LIMP: _("No limp"),
    Gauge.NIGHT_PAIN: _("No pain at night"),
}
OPERATORS: dict[Operator, Promise] = {
    Operator.AT_MOST: _("at most"),
    Operator.AT_LEAST: _("at least"),
    Operator.EXACTLY: _("exactly"),
    Operator.IS_TRUE: _("yes"),
    Operator.IS_FALSE: _("no"),
}
LIMITS: dict[Operator, Promise] = {
    Operator.AT_MOST: _("%(what)s: %(n)s or less"),
    Operator.AT_LEAST: _("%(what)s: %(n)s or more"),
    Operator.EXACTLY: _("%(what)s: exactly %(n)s"),
    Operator.IS_TRUE: _("%(what)s"),
    Operator.IS_FALSE: _("%(what)s: no"),
}
AMOUNTS: dict[Unit, Promise] = {
    Unit.PAIN: _("%(n)d of 10"),
    Unit.POINTS: _("%(n)d"),
    Unit.EFFORT: _("%(n)d of 10"),
    Unit.YES_NO: _("%(n)d"),
    Unit.MINUTES: _("%(n)d min"),
    Unit.SECONDS: _("%(n)d s"),
    Unit.TIMES: _("%(n)d"),
    Unit.KILOGRAMS: _("%(n)d kg"),
}
