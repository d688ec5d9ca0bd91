from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import fields, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clinic.errors import ConflictError
from clinic.models import AuditEvent, Clinic
from exercises.actions import exercises, protocols, retiring
from exercises.actions.catalogue import adopt
from exercises.actions.updates import Taken, leave, take
from exercises.catalogue import Catalogue, load
from exercises.kinds import Part
from exercises.models import (
    CatalogueLeft,
    EducationCard,
    Exercise,
    ExerciseLink,
    ExerciseVersion,
    Protocol,
    ProtocolVersion,
)
from exercises.queries.content import exercise_contents, protocol_contents
from exercises.queries.updates import Update, updates
from exercises.rules.content import ExerciseContent
from exercises.rules.merge import TOGETHER
from tests import contents
from tests.cast import Cast

SHIPPED = load()
BY_CODE = {content.code: content for content in SHIPPED.exercises}
PLANS = {content.code: content for content in SHIPPED.protocols}
PLANK = BY_CODE["plank"]
LATER = timedelta(days=30)


def newer(*changed: Any, without: tuple[str, ...] = (), **more: Any) -> Catalogue:
    """The shipped catalogue with some entries changed or added, and some gone."""
    exercises = BY_CODE | {one.code: one for one in changed if isinstance(one, ExerciseContent)}
    plans = PLANS | {one.code: one for one in changed if not isinstance(one, ExerciseContent)}
    return Catalogue(
        exercises=tuple(one for code, one in exercises.items() if code not in without),
        protocols=tuple(one for code, one in plans.items() if code not in without),
        cards=more.get("cards", SHIPPED.cards),
        version="2027.1",
    )


def row(code: str) -> Exercise:
    found: Exercise = Exercise.objects.get(code=code)
    return found


def content(code: str) -> ExerciseContent:
    return exercise_contents([row(code)])[code]


def tokens(catalogue: Catalogue, *keys: str) -> list[str]:
    return [update.token for update in updates(catalogue).found if not keys or update.key in keys]


def state() -> Any:
    """Every byte of the library that an update could change."""
    links = ExerciseLink.objects.order_by("harder__code", "order").values_list("harder__code", "easier__code")
    rows = Exercise.objects.order_by("code").values_list("code", "revision", "catalogue_base", "catalogue_version")
    plans = Protocol.objects.order_by("code").values_list("code", "revision", "catalogue_base", "catalogue_version")
    versions = [ExerciseVersion.objects.count(), ProtocolVersion.objects.count(), CatalogueLeft.objects.count()]
    return exercise_contents(), protocol_contents(), list(links), list(rows), list(plans), versions


@pytest.fixture
def adopted(riverside: Cast, now: datetime) -> Cast:
    adopt(clinic=riverside.riverside, by=riverside.olive, now=now)
    return riverside


@pytest.fixture
def by(adopted: Cast, now: datetime) -> dict[str, Any]:
    return {"by": adopted.olive, "now": now + LATER}


def test_clinic_that_adopted_today_has_nothing_to_answer(adopted: Cast) -> None:
    found = updates()
    assert (found.found, found.gone) == ((), ())


def test_untouched_exercise_follows_with_a_version_and_an_event(adopted: Cast, by: dict[str, Any]) -> None:
    changed = replace(PLANK, name="Plank on the forearms", steps=(*PLANK.steps, "Rest."))
    found = updates(newer(changed))
    assert [(update.key, [change.field for change in update.changes]) for update in found.open] == [
        ("exercise:plank", ["name", "steps"])
    ]
    assert take(tokens=tokens(newer(changed)), catalogue=newer(changed), **by) == Taken(1)
    assert content("plank") == changed
    assert row("plank").catalogue_version == "2027.1"
    version = row("plank").versions.get(number=2)
    assert (version.origin, version.by_id, version.at) == ("catalogue", adopted.olive.pk, by["now"])
    events = AuditEvent.objects.filter(at=by["now"]).values_list("verb", "actor_id")
    assert set(events) == {("exercise.edited", adopted.olive.pk), ("catalogue.taken", adopted.olive.pk)}
    assert updates(newer(changed)).found == ()


def edited(by: dict[str, Any], **changes: Any) -> ExerciseContent:
    now = content(changes.pop("code", "plank"))
    mine = replace(now, **changes)
    exercises.edit(exercise=row(now.code), content=mine, revision=row(now.code).revision, **by)
    return mine


def test_edited_part_stays_and_is_told(adopted: Cast, by: dict[str, Any]) -> None:
    mine = edited(by, name="Our plank")
    catalogue = newer(replace(PLANK, name="Forearm plank 2", cues=("Long neck",)))
    update = updates(catalogue).open[0]
    assert [change.field for change in update.changes] == ["cues"]
    assert [change.field for change in update.kept] == ["name"]
    take(tokens=[update.token], catalogue=catalogue, **by)
    assert content("plank") == replace(mine, cues=("Long neck",))
    assert updates(catalogue).found == ()


def test_update_that_only_tells_writes_no_version(adopted: Cast, by: dict[str, Any]) -> None:
    mine = edited(by, name="Our plank")
    catalogue = newer(replace(PLANK, name="Forearm plank 2"))
    update = updates(catalogue).open[0]
    assert update.only_kept
    take(tokens=[update.token], catalogue=catalogue, **by)
    assert content("plank") == mine
    assert row("plank").versions.count() == 2
    assert updates(catalogue).found == ()


def test_row_adopted_before_bases_were_kept_is_untouched(adopted: Cast, by: dict[str, Any]) -> None:
    old = replace(PLANK, name="Plank as it was", easier=())
    ExerciseVersion.objects.all().delete()
    ExerciseLink.objects.filter(harder__code="plank").delete()
    Exercise.objects.filter(code="plank").update(name=old.name, catalogue_base=None, catalogue_version="2026.11")
    update = updates().open[0]
    assert (update.key, update.kept) == ("exercise:plank", ())
    take(tokens=[update.token], **by)
    assert content("plank") == PLANK
    assert [version.number for version in row("plank").versions.all()] == [2, 1]
    assert row("plank").versions.get(number=1).content["name"] == "Plank as it was"


def test_row_adopted_before_bases_were_kept_and_edited_since_keeps_the_edit(adopted: Cast, by: dict[str, Any]) -> None:
    Exercise.objects.filter(code="plank").update(catalogue_base=None)
    edited(by, name="Our plank")
    catalogue = newer(replace(PLANK, name="Other plank", licence="CC0"))
    take(tokens=tokens(catalogue), catalogue=catalogue, **by)
    assert content("plank") == replace(PLANK, name="Our plank", licence="CC0")


def test_part_of_a_dose_that_an_older_release_did_not_know_is_no_edit(adopted: Cast, by: dict[str, Any]) -> None:
    base = row("plank").catalogue_base
    del base["dose"]["effort_rpe"], base["figure"]
    Exercise.objects.filter(code="plank").update(catalogue_base=base)
    assert [update.key for update in updates().found] == []
    changed = replace(PLANK, dose=replace(PLANK.dose, hold_s=45))
    take(tokens=tokens(newer(changed)), catalogue=newer(changed), **by)
    assert content("plank") == changed


def test_new_exercise_comes_with_its_ladder_and_joins_those_that_name_it(adopted: Cast, by: dict[str, Any]) -> None:
    new = replace(PLANK, code="wall_plank", name="Wall plank", easier=())
    catalogue = newer(new, replace(PLANK, easier=(*PLANK.easier, "wall_plank")))
    take(tokens=tokens(catalogue, "exercise:plank"), catalogue=catalogue, **by)
    assert content("plank") == PLANK  # the rung is not in the library
    take(tokens=tokens(catalogue, "exercise:wall_plank"), catalogue=catalogue, **by)
    assert content("plank").easier == (*PLANK.easier, "wall_plank")
    assert row("wall_plank").versions.get().origin == "catalogue"
    assert updates(catalogue).found == ()


def test_late_rung_does_not_enter_a_ladder_that_the_clinic_made(adopted: Cast, by: dict[str, Any]) -> None:
    new = replace(PLANK, code="wall_plank", name="Wall plank", easier=())
    catalogue = newer(new, replace(PLANK, easier=(*PLANK.easier, "wall_plank")))
    take(tokens=tokens(catalogue, "exercise:plank"), catalogue=catalogue, **by)
    edited(by, easier=("swim",))
    take(tokens=tokens(catalogue), catalogue=catalogue, **by)
    assert content("plank").easier == ("swim",)


def test_new_protocol_brings_the_exercises_that_it_needs(adopted: Cast, by: dict[str, Any]) -> None:
    new = replace(PLANK, code="wall_plank", name="Wall plank", easier=())
    plan = next(iter(PLANS.values()))
    item = replace(plan.phases[0].blocks[0].items[0], exercise="wall_plank", dose=PLANK.dose)
    block = replace(plan.phases[0].blocks[0], items=(item,))
    mine = replace(plan, code="walls", phases=(replace(plan.phases[0], blocks=(block,)),))
    catalogue = newer(new, mine)
    leave(tokens=tokens(catalogue, "exercise:wall_plank"), catalogue=catalogue, **by)
    update = next(update for update in updates(catalogue).open if update.part is Part.PROTOCOL)
    assert update.brings == ("wall_plank",)
    assert take(tokens=[update.token], catalogue=catalogue, **by) == Taken(1)
    assert protocol_contents()["walls"] == mine
    assert not CatalogueLeft.objects.exists()
    assert updates(catalogue).found == ()


def test_new_protocol_of_sides_that_the_clinic_does_not_have_is_told_and_not_written(
    adopted: Cast, by: dict[str, Any], now: datetime
) -> None:
    """An exercise keeps having no sides (programs count on it): a protocol that names one would not know what to do."""
    plan = next(iter(PLANS.values()))
    dose = replace(PLANK.dose, side="each")
    item = replace(plan.phases[0].blocks[0].items[0], exercise="plank", dose=dose)
    block = replace(plan.phases[0].blocks[0], items=(item,))
    sided = replace(plan, code="sided", name="Sided planks", phases=(replace(plan.phases[0], blocks=(block,)),))
    catalogue = newer(replace(PLANK, laterality="one_side", dose=dose), sided)
    assert take(tokens=tokens(catalogue), catalogue=catalogue, **by).stuck == ("Sided planks",)
    assert content("plank").laterality == "together"
    assert "sided" not in protocol_contents()
    assert "protocol:sided" in {update.key for update in updates(catalogue).found}
    assert adopt(clinic=adopted.riverside, by=adopted.olive, now=now, catalogue=catalogue).protocols == 0


def test_changed_protocol_follows_as_far_as_it_was_left_alone(adopted: Cast, by: dict[str, Any]) -> None:
    code, plan = next(iter(PLANS.items()))
    mine = replace(plan, name="Ours")
    protocols.edit(protocol=Protocol.objects.get(code=code), content=mine, revision=1, **by)
    shorter = replace(plan, name="Theirs", phases=plan.phases[:1], summary="Short.")
    catalogue = newer(shorter)
    update = updates(catalogue).open[0]
    assert ([change.field for change in update.changes], bool(update.plan)) == (["summary"], True)
    assert ([change.field for change in update.kept], bool(update.kept_plan)) == (["name"], False)
    take(tokens=[update.token], catalogue=catalogue, **by)
    assert protocol_contents()[code] == replace(shorter, name="Ours")
    assert updates(catalogue).found == ()


def test_cards_come_together(adopted: Cast, by: dict[str, Any]) -> None:
    first, second, *others = SHIPPED.cards
    catalogue = newer(cards=(replace(first, title="Another title"), *others))
    update = updates(catalogue).open[0]
    assert update.part is Part.CARDS
    assert set(update.titles) >= {"Another title", second.title}
    take(tokens=[update.token], catalogue=catalogue, **by)
    assert EducationCard.objects.get(code=first.code).title == "Another title"
    assert EducationCard.objects.get(code=second.code).retired_at == by["now"]
    assert updates(catalogue).found == ()


def test_what_was_left_stays_left_until_the_catalogue_changes_it(adopted: Cast, by: dict[str, Any]) -> None:
    catalogue = newer(replace(PLANK, name="Other plank"), replace(PLANK, code="wall_plank", name="Wall plank"))
    before = state()
    assert leave(tokens=tokens(catalogue), catalogue=catalogue, **by) == 2
    assert leave(tokens=tokens(catalogue), catalogue=catalogue, **by) == 0
    assert state()[:-1] == before[:-1]
    found = updates(catalogue)
    assert (found.open, [update.key for update in found.left]) == ([], ["exercise:plank", "exercise:wall_plank"])
    again = newer(replace(PLANK, name="Yet another plank"), replace(PLANK, code="wall_plank", name="Wall plank"))
    assert [update.key for update in updates(again).open] == ["exercise:plank"]
    take(tokens=tokens(catalogue), catalogue=catalogue, **by)
    assert not CatalogueLeft.objects.exists()


def test_entry_that_is_gone_is_told_and_stays(adopted: Cast, by: dict[str, Any]) -> None:
    plan = next(iter(PLANS.values()))
    found = updates(newer(without=("swim", plan.code)))
    assert found.gone == (BY_CODE["swim"].name, plan.name)
    assert found.found == ()


def test_retired_and_own_exercises_are_left_alone(adopted: Cast, by: dict[str, Any]) -> None:
    retiring.retire(row=row("plank"), **by)
    exercises.create(content=replace(PLANK, code="wall_plank"), **by)
    catalogue = newer(replace(PLANK, name="Other"), replace(PLANK, code="wall_plank", name="Theirs"))
    assert updates(catalogue).found == ()
    retiring.bring_back(row=row("plank"), **by)
    assert [update.key for update in updates(catalogue).open] == ["exercise:plank"]


def test_edit_in_the_meantime_takes_nothing(adopted: Cast, by: dict[str, Any]) -> None:
    catalogue = newer(replace(PLANK, name="Other"), replace(BY_CODE["swim"], name="Swimming about"))
    shown = tokens(catalogue)
    edited(by, cues=("Ours",))
    before = state()
    with pytest.raises(ConflictError):
        take(tokens=shown, catalogue=catalogue, **by)
    assert state() == before


def test_catalogue_that_changed_in_the_meantime_takes_nothing(adopted: Cast, by: dict[str, Any]) -> None:
    shown = tokens(newer(replace(PLANK, name="Other")))
    with pytest.raises(ConflictError):
        take(tokens=shown, catalogue=newer(replace(PLANK, name="Yet other")), **by)


def test_taking_twice_and_taking_nothing_change_nothing(adopted: Cast, by: dict[str, Any]) -> None:
    catalogue = newer(replace(PLANK, name="Other"))
    before = state()
    assert take(tokens=[], catalogue=catalogue, **by) == Taken(0)
    assert take(tokens=["exercise:nobody:1:00", "nonsense"], catalogue=catalogue, **by) == Taken(0)
    assert state() == before
    shown = tokens(catalogue)
    take(tokens=shown, catalogue=catalogue, **by)
    after = state()
    assert take(tokens=shown, catalogue=catalogue, **by) == Taken(0)
    assert state() == after


def test_ladder_that_turns_round_is_taken_in_any_order(adopted: Cast, by: dict[str, Any]) -> None:
    harder = next(one for one in SHIPPED.exercises if one.easier)
    easier = BY_CODE[harder.easier[0]]
    turned = newer(replace(harder, easier=(), name="Now the easier"), replace(easier, easier=(harder.code,)))
    with undone():
        assert take(tokens=tokens(turned), catalogue=turned, **by) == Taken(2)
        assert content(easier.code).easier == (harder.code,)
        whole = exercise_contents()
    stuck = take(tokens=tokens(turned, f"exercise:{easier.code}"), catalogue=turned, **by)
    assert stuck.stuck == (easier.name,)
    assert content(easier.code) == easier
    assert [update.key for update in updates(turned).open if update.code == easier.code]  # still on offer
    take(tokens=tokens(turned, f"exercise:{harder.code}"), catalogue=turned, **by)
    assert take(tokens=tokens(turned), catalogue=turned, **by) == Taken(1)
    assert exercise_contents() == whole


def test_updates_stay_in_their_clinic(cast: Cast, within: Callable[[Clinic], Any], now: datetime) -> None:
    catalogue = newer(replace(PLANK, name="Other"))
    for clinic, owner in ((cast.riverside, cast.olive), (cast.hilltop, cast.hanna)):
        with within(clinic):
            adopt(clinic=clinic, by=owner, now=now)
    with within(cast.riverside):
        shown = tokens(catalogue)
        take(tokens=shown, catalogue=catalogue, by=cast.olive, now=now)
    with within(cast.hilltop):
        assert content("plank") == PLANK
        assert tokens(catalogue) == shown


def test_reading_takes_as_many_queries_for_thirty_changes_as_for_one(adopted: Cast) -> None:
    def queries(catalogue: Catalogue, count: int) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert len(updates(catalogue).found) == count
        return len(captured)

    assert queries(SHIPPED, 0) == 4
    few = queries(newer(replace(PLANK, name="Other")), 1)
    many = [replace(one, name=f"{one.name} 2") for one in SHIPPED.exercises[:30]]
    assert queries(newer(*many), 30) == few


# Properties: whatever the clinic edited, whatever the catalogue changed, whatever was chosen, in whatever order.


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@st.composite
def stories(draw: st.DrawFn) -> tuple[Catalogue, dict[str, ExerciseContent], Catalogue]:
    """A first catalogue, what the clinic makes of some entries, and a later catalogue."""
    codes = draw(st.permutations(contents.CODES))[: draw(st.integers(2, 4))]
    first = draw(st.integers(1, len(codes)))
    old = {code: draw(contents.exercises(code, tuple(codes[:n]))) for n, code in enumerate(codes[:first])}
    mine = {}
    for n, code in enumerate(codes[:first]):
        if draw(st.booleans()):
            other = draw(contents.exercises(code, tuple(codes[:n]), as_sided_as=old[code]))
            parts = draw(st.sets(st.sampled_from([field.name for field in fields(other) if field.name != "code"])))
            parts |= {"laterality", "dose"} if parts & {"laterality", "dose"} else set()
            mine[code] = replace(old[code], **{part: getattr(other, part) for part in parts})
    new = {}
    for n, code in enumerate(codes):
        if n >= first or draw(st.booleans()):
            new[code] = draw(contents.exercises(code, tuple(codes[:n])))
        elif draw(st.booleans()):
            new[code] = old[code]
    plans = [draw(contents.protocols("calm", tuple(known.values()))) if known else None for known in (old, new)]
    return (
        Catalogue(tuple(old.values()), (plans[0],) if plans[0] else (), version="1"),
        mine,
        Catalogue(tuple(new.values()), (plans[1],) if plans[1] and draw(st.booleans()) else (), version="2"),
    )


def happen(story: tuple[Catalogue, dict[str, ExerciseContent], Catalogue], by: dict[str, Any]) -> None:
    """Take the first catalogue, and edit."""
    old, mine, _new = story
    take(tokens=tokens(old), catalogue=old, **by)
    for code, said in mine.items():
        exercises.edit(exercise=row(code), content=said, revision=row(code).revision, **by)


PROPERTY = settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)


@PROPERTY
@given(story=stories(), data=st.data())
def test_no_edit_is_lost_whatever_is_taken(riverside: Cast, now: datetime, story: Any, data: st.DataObject) -> None:
    by = {"by": riverside.olive, "now": now}
    with undone():
        happen(story, by)
        old, _mine, new = story
        before = exercise_contents()
        first = {one.code: one for one in old.exercises}
        later = {one.code: one for one in new.exercises}
        shown = updates(new).found
        chosen = data.draw(st.lists(st.sampled_from(shown), unique_by=lambda one: one.key)) if shown else []
        take(tokens=[update.token for update in chosen], catalogue=new, **by)
        after = exercise_contents()
        assert before.keys() <= after.keys()  # nothing is deleted
        for code, said in before.items():
            own = {
                field.name for field in fields(said) if getattr(said, field.name) != getattr(first[code], field.name)
            }
            for part in own:
                assert getattr(after[code], part) == getattr(said, part), (code, part)
            if f"exercise:{code}" not in {update.key for update in chosen}:
                assert replace(after[code], easier=()) == replace(said, easier=())
                continue
            held = set().union(*(group for group in TOGETHER if own & set(group) or turns(said, later[code])))
            for field in fields(said):
                if field.name not in own | held | {"easier"}:
                    assert getattr(after[code], field.name) == getattr(later[code], field.name)


def turns(one: ExerciseContent, other: ExerciseContent) -> bool:
    return contents.is_sided(one.laterality) != contents.is_sided(other.laterality)


@PROPERTY
@given(story=stories(), data=st.data())
def test_all_at_once_is_the_sum_of_singles(riverside: Cast, now: datetime, story: Any, data: st.DataObject) -> None:
    by, new = {"by": riverside.olive, "now": now}, story[2]
    ends = []
    with undone():
        happen(story, by)
        keys = [update.key for update in updates(new).found]
        order = data.draw(st.permutations(keys))
        with undone():
            stuck = take(tokens=tokens(new), catalogue=new, **by).stuck
            ends.append((exercise_contents(), protocol_contents()))
            left = {update.name for update in updates(new).found}
            assert left <= set(stuck)
        with undone():
            for key in order:
                take(tokens=tokens(new, key) if key in current(new) else [], catalogue=new, **by)
            ends.append((exercise_contents(), protocol_contents()))
    assert ends[0] == ends[1]


def current(catalogue: Catalogue) -> set[str]:
    return {update.key for update in updates(catalogue).found}


@PROPERTY
@given(story=stories())
def test_taking_nothing_and_leaving_all_changes_no_content(riverside: Cast, now: datetime, story: Any) -> None:
    by, new = {"by": riverside.olive, "now": now}, story[2]
    with undone():
        happen(story, by)
        before = state()
        take(tokens=[], catalogue=new, **by)
        assert state() == before
        shown: tuple[Update, ...] = updates(new).found
        leave(tokens=tokens(new), catalogue=new, **by)
        assert state()[:-1] == before[:-1]
        assert not updates(new).open
        assert [replace(update, is_left=False) for update in updates(new).left] == [*shown]
