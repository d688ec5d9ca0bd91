"""The desk: everything that the page of a draft shows, whether it was read from the store or just typed."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from athletes import charts
from athletes.facts.desk import Desk, beside
from athletes.facts.movements import Movements, movements
from athletes.facts.my_program import Change, changes
from athletes.forms.draft import DeskForm, PublishForm
from athletes.forms.sheet import Sheet, exercise_id, sheet_of
from athletes.forms.typed import TypedBlock
from athletes.models import Athlete, Program
from athletes.rules.bands import Limits
from athletes.rules.diff import compare
from athletes.rules.plan import Plan
from clinic.models import Member
from exercises.kinds import Caution, Kind
from exercises.models import Exercise
from exercises.queries.library import library
from exercises.rules.filters import Filters, Group

SHOWN_CHANGES = 3  # in the bar at the foot; all of them stand in the column


@dataclass(frozen=True, slots=True)
class OnDesk:
    """One opened draft: what is stored, and what can be named in it."""

    athlete: Athlete
    program: Program
    desk: Desk
    movements: Movements
    today: date


def opened(athlete: Athlete, program: Program, desk: Desk, today: date, ids: set[UUID]) -> OnDesk:
    """Return the desk with every exercise loaded that the draft or the edition before it names."""
    named = {line.exercise for plan in (desk.plan, desk.base_plan) for line in plan.lines()}
    return OnDesk(athlete, program, desk, movements(named | ids), today)


def ids_in(typed: list[TypedBlock]) -> set[UUID]:
    """Return the exercises that a typed draft names."""
    return {exercise_id(line) for block in typed for line in block.lines}


def sheet(on: OnDesk, typed: list[TypedBlock]) -> Sheet:
    """Bind a typed draft beside the edition that it changes."""
    return sheet_of(typed, movements=on.movements, base=on.desk.base_plan)


def page(
    on: OnDesk, draft: Sheet, *, asked: DeskForm, publish: PublishForm, member: Member, now: datetime
) -> dict[str, Any]:
    """Return what the page shows."""
    plan = draft.plan()
    valid = draft.is_valid()
    clinic = member.clinic
    runner = beside(on.athlete, now=now)
    differs = named_changes(on, on.desk.base_plan, plan) if valid and on.desk.base else []
    return {
        "athlete": on.athlete,
        "program": on.program,
        "desk": on.desk,
        "sheet": draft,
        "valid": valid,
        "asked": asked,
        "publish": publish,
        "load": plan.load(),
        "load_before": on.desk.base_plan.load() if on.desk.base else None,
        "changes": differs,
        "changes_first": differs[:SHOWN_CHANGES],
        "changes_more": max(len(differs) - SHOWN_CHANGES, 0),
        "reordered": valid and on.desk.base is not None and compare(on.desk.base_plan, plan).reordered,
        "cautions": cautions(on.movements, plan),
        "runner": runner,
        "spark": charts.sparkline(runner.mornings, runner.usual, Limits(clinic.watch_from, clinic.stop_from)),
        "newest": charts.newest(runner.mornings),
        **shelf(asked, draft, member),
    }


def shelf(asked: DeskForm, draft: Sheet, member: Member) -> dict[str, Any]:
    """Return the column of the library."""
    search = asked.asked()
    kinds = frozenset(filter(None, [search["kind"]]))
    found = library(search=search["search"], filters=Filters({Group.KIND: kinds}), member=member)
    return {
        "library": found,
        "search": search,
        "kinds": [kind for kind in Kind if kind in found.present[Group.KIND]],
        "inside": draft.exercises(),
        "into": asked.target(len(draft.blocks)),
    }


def named_changes(on: OnDesk, old: Plan, new: Plan) -> list[Change]:
    """Return what one plan changes in another, with names."""
    return changes(compare(old, new), on.movements.names())


def cautions(known: Movements, plan: Plan) -> list[tuple[str, list[Exercise]]]:
    """Return the caution tags in a plan, the spine first, each with the exercises that carry it."""
    inside = {line.exercise: known.exercises[line.exercise] for line in plan.lines()}.values()
    found = [(tag.value, [exercise for exercise in inside if tag in exercise.caution_tags]) for tag in Caution]
    return [(tag, exercises) for tag, exercises in found if exercises]
