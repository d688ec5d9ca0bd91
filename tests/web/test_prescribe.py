"""The desk: one plain form, sent whole by every button; nothing typed is lost."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from athletes.actions import drafts
from athletes.facts.programs import draft_of, latest, plan_of
from athletes.models import Athlete, DueSession, Program
from athletes.rules.plan import Plan, PlannedLine
from clinic.models import AuditEvent, Clinic, Member
from clinic.scope import in_clinic
from exercises.actions.catalogue import adopt
from exercises.kinds import Laterality, Measure, Side
from exercises.models import Exercise, ExerciseLink, Protocol
from exercises.rules.dose import Dose
from tests.cast import Cast, make_athlete
from tests.plain_form import Fields, form_of
from tests.prescribing import BEFORE_RUN, DAILY, TEN, begin, block, make_exercise, per_week, publish, weekdays

SignIn = Callable[[Member], Client]
Within = Callable[[Clinic], Any]
TODAY = date(2026, 11, 24)
TOMORROW = date(2026, 11, 25)
HOLD = Dose(measure=Measure.HOLD, sets=3, hold_s=20, side=Side.EACH, rest_s=45)


@dataclass
class Desk:
    """Ana's program on the desk of a member of the cast."""

    client: Client
    program: Program

    @property
    def within(self) -> Any:
        return in_clinic(self.program.clinic_id)

    def url(self, page: str = "draft") -> str:
        return f"/athletes/{self.program.athlete_id}/programs/{self.program.pk}/{page}/"

    def open(self, **asked: str) -> HttpResponse:
        return self.client.get(self.url(), asked)

    def press(self, do: str, page: HttpResponse | None = None, to: str = "draft", **typed: Any) -> HttpResponse:
        """Press a button of a page, as it stands or freshly opened, with some inputs typed over."""
        fields: Fields = {**form_of(page or self.open()).fields, "do": [do]}
        for name, value in typed.items():
            fields[name] = value if isinstance(value, list) else [value]
        return self.client.post(self.url(to), fields)

    def plan(self) -> Plan:
        with self.within:
            return plan_of(draft_of(self.program))


@pytest.fixture
def moves(cast: Cast, within: Within) -> dict[str, Exercise]:
    """A plank with an easier form, a bridge, and a bend with a caution."""
    with within(cast.riverside):
        plank, knees = make_exercise("Side plank", Laterality.ONE_SIDE), make_exercise("Knees", Laterality.ONE_SIDE)
        ExerciseLink.objects.create(easier=knees, harder=plank)
        bend = make_exercise("Forward bend", Laterality.TOGETHER, "spinal_flexion")
        return {"plank": plank, "knees": knees, "bridge": make_exercise("Bridge"), "bend": bend}


@pytest.fixture
def desk(cast: Cast, sign_in: SignIn, within: Within, moves: dict[str, Exercise], now: datetime) -> Desk:
    """A published edition with two blocks, open at Tess's desk."""
    with within(cast.riverside):
        program = begin(cast.ana, by=cast.tess, now=now)
        strength = replace(
            block(moves["bridge"], schedule=per_week(3), title="Strength"),
            lines=(
                PlannedLine(exercise=moves["plank"].pk, dose=HOLD, note="Slowly", in_bad_day_set=True),
                PlannedLine(exercise=moves["bridge"].pk, dose=replace(TEN, tempo="3-1-1-0", effort_rpe=6)),
            ),
        )
        run = block(moves["bridge"], schedule=BEFORE_RUN, title="Before runs")
        publish(program, strength, run, by=cast.tess, now=now, on=TODAY)
    return Desk(sign_in(cast.tess), program)


def test_untouched_form_saves_the_edition_as_it_is(desk: Desk) -> None:
    response = desk.press("save")
    assert response.status_code == 302
    with desk.within:
        assert plan_of(draft_of(desk.program)) == plan_of(latest(desk.program))


def test_opening_the_desk_writes_nothing_but_the_audit(desk: Desk, within: Within) -> None:
    with desk.within:
        before = AuditEvent.objects.filter(verb="program.opened").count()
    assert desk.open().status_code == 200
    with desk.within:
        assert draft_of(desk.program) is None
        assert AuditEvent.objects.filter(verb="program.opened").count() == before + 1


def test_typed_dose_is_saved_and_what_it_was_is_struck_through(desk: Desk) -> None:
    desk.press("save", **{"b0l0-hold_s": "15", "b0l0-side": "left", "b0l1-reps_max": "12"})
    dose = desk.plan().blocks[0].lines[0].dose
    assert dose == replace(HOLD, hold_s=15, side=Side.LEFT)
    assert desk.plan().blocks[0].lines[1].dose.reps_max == 12
    body = desk.open().content.decode()
    assert '<span class="visually-hidden">was </span>20</span>' in body
    assert '<span class="visually-hidden">was </span>each side</span>' in body
    assert body.count('class="line changed"') == 2


def test_sets_are_typed_one_by_one(desk: Desk) -> None:
    desk.press("save", **{"b0l0-reps_pattern": "6, 4, 2", "b0l0-hold_s": "10"})
    dose = replace(HOLD, reps_pattern=(6, 4, 2), hold_s=10)
    assert desk.plan().blocks[0].lines[0].dose == dose
    page = desk.open()
    assert form_of(page).fields["b0l0-reps_pattern"] == ["6-4-2"]
    assert "holds of" in page.content.decode()
    desk.press("publish", to="publish", reason="Endurance")
    with desk.within:
        assert plan_of(latest(desk.program)).blocks[0].lines[0].dose == dose


def test_sets_one_by_one_stand_in_place_of_repetitions(desk: Desk) -> None:
    desk.press("save", **{"b0l1-reps_pattern": "10 8 6", "b0l1-reps": ""})
    dose = desk.plan().blocks[0].lines[1].dose
    assert (dose.reps, dose.reps_pattern, dose.tempo) == (None, (10, 8, 6), "3-1-1-0")
    assert '<span class="visually-hidden">was </span>10</span>' in desk.open().content.decode()
    desk.press("save", **{"b0l1-reps_pattern": "10 8 6", "b0l1-measure": "time", "b0l1-time_s": "60", "b0l1-tempo": ""})
    assert desk.plan().blocks[0].lines[1].dose.reps_pattern == ()


def test_line_without_a_change_has_no_bar(desk: Desk) -> None:
    assert "line changed" not in desk.open().content.decode()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"b0l0-sets": "99"}, "Sets: 1 to 10."),
        ({"b0l0-sets": ""}, "Sets: Say how much."),
        ({"b0l0-hold_s": "soon"}, "Hold, seconds: Enter a whole number."),
        ({"b0l0-side": ""}, "Side: Choose the side."),
        ({"b0l0-reps_pattern": "6-4"}, "Repetitions, set by set: Say one number for each set: 6-4-2 are three sets."),
        ({"b0l0-reps_pattern": "6-4-0"}, "Repetitions, set by set: 1 to 100."),
        ({"b0l0-reps_pattern": "six"}, "Repetitions, set by set: Write one number for each set: 6-4-2."),
        ({"b0l1-reps_pattern": "6-4-2"}, "Repetitions, set by set: Say one number for all sets, or one for each"),
        ({"b0l1-tempo": "slow"}, "Tempo: Write the tempo as 3-1-1-0"),
        ({"b0l1-load_kg": "5", "b0l1-band": "red"}, "Say kilograms or a band, not both."),
        ({"b0l1-measure": "time"}, "Time, seconds: Say how much."),
        ({"b0-title": " "}, "Give the block a title."),
        ({"b0-per_week": "9"}, "This number is too small or too large."),
        ({"b0-when": "weekdays"}, "Choose at least one day."),
    ],
)
def test_what_cannot_be_prescribed_is_said_beside_it_and_nothing_is_lost(
    desk: Desk, typed: dict[str, str], said: str
) -> None:
    kept = {"b0l0-rest_s": "77", "b0l1-note": "Breathe", "reason": "Too hard", "effective_on": "2026-12-01"}
    response = desk.press("save", **kept, **typed)
    body = response.content.decode()
    assert response.status_code == 422
    assert said in body
    fields = form_of(response).fields
    assert {name: fields[name] for name in (*kept, *typed)} == {n: [v] for n, v in {**kept, **typed}.items()}
    with desk.within:
        assert draft_of(desk.program) is None


def test_unsound_dose_can_be_mended_in_the_answer(desk: Desk) -> None:
    wrong = desk.press("save", **{"b0l0-sets": "99"})
    assert desk.press("save", wrong, **{"b0l0-sets": "4"}).status_code == 302
    assert desk.plan().blocks[0].lines[0].dose.sets == 4


def test_another_measure_can_be_chosen_in_one_go(desk: Desk) -> None:
    wrong = desk.press("save", **{"b0l0-measure": "reps"})
    assert wrong.status_code == 422
    desk.press("save", wrong, **{"b0l0-reps": "8", "b0l0-hold_s": ""})
    assert desk.plan().blocks[0].lines[0].dose == replace(HOLD, measure=Measure.REPS, reps=8, hold_s=None)


@pytest.mark.parametrize(
    ("typed", "schedule"),
    [
        ({"b0-when": "daily"}, DAILY),
        ({"b0-when": "daily", "b0-times_per_day": "2"}, replace(DAILY, times_per_day=2)),
        ({"b0-when": "weekdays", "b0-weekdays": ["0", "4"]}, weekdays(0, 4)),
        ({"b0-per_week": "5", "b0-weekdays": ["0"], "b0-times_per_day": "3"}, per_week(5)),
        ({"b0-when": "before_run"}, BEFORE_RUN),
    ],
)
def test_schedule_is_one_question(desk: Desk, typed: dict[str, Any], schedule: object) -> None:
    assert desk.press("save", **typed).status_code == 302
    assert desk.plan().blocks[0].schedule == schedule


def test_add_puts_the_library_dose_into_the_chosen_block(desk: Desk, moves: dict[str, Exercise]) -> None:
    response = desk.press(f"add:{moves['bend'].pk}", into="0")
    assert response["Location"].endswith("#b0l2")
    assert desk.plan().blocks[0].lines[2] == PlannedLine(exercise=moves["bend"].pk, dose=moves["bend"].dose)
    body = desk.open().content.decode()
    assert "<b>Bends the spine.</b> Forward bend" in body
    assert '<span class="chip chip-pine">new</span>' in body


def test_add_keeps_what_was_typed_beside_it(desk: Desk, moves: dict[str, Exercise]) -> None:
    desk.press(f"add:{moves['bend'].pk}", **{"b0l0-sets": "5"})
    assert desk.plan().blocks[0].lines[0].dose.sets == 5


def test_add_beside_an_error_keeps_both(desk: Desk, moves: dict[str, Exercise]) -> None:
    response = desk.press(f"add:{moves['bend'].pk}", into="0", **{"b0l0-sets": "99"})
    assert response.status_code == 422
    fields = form_of(response).fields
    assert fields["b0l0-sets"] == ["99"]
    assert fields["b0l2-exercise_id"] == [str(moves["bend"].pk)]


def test_take_out_removes_the_line_that_is_wrong(desk: Desk) -> None:
    assert desk.press("remove_line:0.0", **{"b0l0-sets": "99"}).status_code == 302
    assert len(desk.plan().blocks[0].lines) == 1


def test_easier_swaps_the_movement_and_names_what_it_was(desk: Desk, moves: dict[str, Exercise]) -> None:
    desk.press("easier:0.0")
    line = desk.plan().blocks[0].lines[0]
    assert (line.exercise, line.dose, line.in_bad_day_set) == (moves["knees"].pk, moves["knees"].dose, True)
    body = desk.open().content.decode()
    assert "was Side plank" in body
    assert "Harder: Side plank" in body


def test_lines_move_within_and_across_blocks(desk: Desk, moves: dict[str, Exercise]) -> None:
    desk.press("down:0.0")
    desk.press("down:0.1")
    titles = [[line.exercise for line in block.lines] for block in desk.plan().blocks]
    assert titles == [[moves["bridge"].pk], [moves["plank"].pk, moves["bridge"].pk]]
    desk.press("up:1.0")
    assert [len(block.lines) for block in desk.plan().blocks] == [2, 1]


def test_blocks_are_added_moved_and_taken_out(desk: Desk) -> None:
    desk.press("add_block")
    desk.press("save", **{"b2-title": "Evening", "b2-when": "daily"})
    desk.press("block_up:2")
    assert [block.title for block in desk.plan().blocks] == ["Strength", "Evening", "Before runs"]
    desk.press("remove_block:0")
    assert [block.title for block in desk.plan().blocks] == ["Evening", "Before runs"]


@pytest.mark.parametrize("do", ["remove_line:7.7", "up:x", "easier:0.1", "add:nothing", "remove_block:-1", "dance"])
def test_button_that_fits_nothing_changes_nothing(desk: Desk, do: str) -> None:
    assert desk.press(do).status_code == 302
    with desk.within:
        assert plan_of(draft_of(desk.program)) == plan_of(latest(desk.program))


def test_every_button_of_the_page_answers(desk: Desk) -> None:
    desk.press("save")
    for name, value in form_of(desk.open()).buttons:
        if name == "do" and value not in {"publish", "discard"}:
            assert desk.press(value).status_code == 302, value


def test_program_from_nothing_is_built_and_published_without_a_script(
    cast: Cast, sign_in: SignIn, within: Within, moves: dict[str, Exercise]
) -> None:
    client = sign_in(cast.tess)
    made = client.post(f"/athletes/{cast.ana.pk}/programs/new/", {"protocol": "", "title": "Calf"})
    with within(cast.riverside):
        program = Program.objects.get(title="Calf")
    desk = Desk(client, program)
    assert made["Location"] == desk.url()
    desk.press(f"add:{moves['bridge'].pk}")
    desk.press("save", **{"b0-title": "Evening", "b0-when": "daily", "b0l0-reps": "6"})
    response = desk.press("publish", to="publish")
    assert response["Location"] == f"/athletes/{cast.ana.pk}/"
    with within(cast.riverside):
        version = latest(program)
        assert (version.number, version.effective_on, version.reason) == (1, TODAY, "")
        assert DueSession.objects.filter(block__version=version).count() == 15


def test_publish_saves_what_was_typed_and_fixes_it(desk: Desk) -> None:
    response = desk.press("publish", to="publish", reason="Too hard", **{"b0l0-hold_s": "15"})
    assert response.status_code == 302
    with desk.within:
        version = latest(desk.program)
        assert (version.number, version.effective_on, version.reason) == (2, TOMORROW, "Too hard")
        assert plan_of(version).blocks[0].lines[0].dose.hold_s == 15
        assert draft_of(desk.program) is None
    shown = desk.client.get(response["Location"]).content.decode()
    assert "v2 is published. Ana sees it from Wednesday 25 November." in shown


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"reason": ""}, "Say why, in a few words."),
        ({"reason": "Why", "effective_on": "2026-11-23"}, "Choose today or a later day."),
        ({"reason": "Why", "effective_on": "soon"}, "Enter a valid date."),
        ({"reason": "Why", "b0l0-sets": "99"}, "Sets: 1 to 10."),
    ],
)
def test_publish_refused_keeps_everything_and_publishes_nothing(desk: Desk, typed: dict[str, str], said: str) -> None:
    response = desk.press("publish", to="publish", **{"b0l1-note": "Breathe", **typed})
    assert response.status_code == 422
    assert said in response.content.decode()
    fields = form_of(response).fields
    assert fields["b0l1-note"] == ["Breathe"]
    assert all(fields[name] == [value] for name, value in typed.items())
    with desk.within:
        assert latest(desk.program).number == 1


def test_publish_of_the_same_again_says_so(desk: Desk) -> None:
    response = desk.press("publish", to="publish", reason="Why")
    assert response.status_code == 422
    assert "Nothing changed since the published version. Change something first." in response.content.decode()


def test_stale_draft_shows_both_and_keeps_what_was_typed(desk: Desk, cast: Cast, now: datetime) -> None:
    page = desk.open()
    with desk.within:
        theirs = plan_of(latest(desk.program))
        changed = replace(theirs.blocks[0], title="Theirs")
        plan = Plan((changed, *theirs.blocks[1:]))
        drafts.save(program=desk.program, plan=plan, seen=drafts.seen_now(desk.program), by=cast.theo, now=now)
    response = desk.press("save", page, reason="Mine", **{"b0l0-sets": "5"})
    body = response.content.decode()
    assert response.status_code == 409
    assert "Theo Marsh saved this draft, today 07:00." in body
    assert "<del>Side plank 3 × 20 s each side</del>" in body
    fields = form_of(response).fields
    assert (fields["b0l0-sets"], fields["b0-title"], fields["reason"]) == (["5"], ["Strength"], ["Mine"])
    assert desk.plan().blocks[0].title == "Theirs"
    assert desk.press("save", response).status_code == 302  # a person chose
    assert (desk.plan().blocks[0].title, desk.plan().blocks[0].lines[0].dose.sets) == ("Strength", 5)


def test_draft_published_meanwhile_conflicts_and_can_go_into_the_next_edition(
    desk: Desk, cast: Cast, now: datetime
) -> None:
    page = desk.open()
    with desk.within:
        first = plan_of(latest(desk.program)).blocks
        publish(desk.program, first[0], by=cast.theo, now=now, on=TODAY)
    response = desk.press("publish", page, to="publish", reason="Mine", **{"b0l0-sets": "5"})
    assert response.status_code == 409
    assert "Theo Marsh published v2" in response.content.decode()
    assert desk.press("publish", response, to="publish").status_code == 302
    with desk.within:
        assert latest(desk.program).number == 3
        assert len(plan_of(latest(desk.program)).blocks) == 2


def test_saving_in_an_ended_program_is_a_conflict(desk: Desk) -> None:
    page = desk.open()
    desk.client.post(desk.url("end"), {"outcome": "improved"})
    assert desk.press("save", page).status_code == 409
    assert desk.open()["Location"] == f"/athletes/{desk.program.athlete_id}/"


def test_discard_throws_the_draft_away(desk: Desk) -> None:
    desk.press("save", **{"b0l0-sets": "5"})
    assert desk.press("discard").status_code == 302
    with desk.within:
        assert draft_of(desk.program) is None


def test_discard_does_not_ask_for_what_is_thrown_away_to_be_right(desk: Desk) -> None:
    desk.press("save", **{"b0l0-sets": "5"})
    assert desk.press("discard", **{"b0l0-sets": "many"}).status_code == 302
    with desk.within:
        assert draft_of(desk.program) is None


def test_discard_of_what_somebody_else_changed_meanwhile_conflicts(desk: Desk) -> None:
    desk.press("save", **{"b0l0-sets": "5"})
    page = desk.open()
    desk.press("save", **{"b0l0-sets": "4"})
    assert desk.press("discard", page, **{"b0l0-sets": "many"}).status_code == 409
    with desk.within:
        assert draft_of(desk.program) is not None


def test_aside_says_what_it_asks_and_warns_above_four(desk: Desk, moves: dict[str, Exercise]) -> None:
    body = desk.open().content.decode()
    assert "2 exercises on the fullest day." in body
    assert "<dt>Sessions a week</dt><dd>3</dd>" in body
    assert "No caution is recorded for these exercises." in body
    for _ in range(3):
        desk.press(f"add:{moves['bridge'].pk}", into="0")
    assert "5 exercises on one day." in desk.open().content.decode()


def test_search_is_in_the_address_and_in_the_fragment(desk: Desk) -> None:
    page = desk.open(q="bend")
    assert f"Add {'Forward bend'}" in page.content.decode()
    assert "Add Bridge" not in page.content.decode()
    part = desk.client.get(desk.url(), {"q": "bend"}, headers={"HX-Request": "true", "HX-Target": "library"})
    assert part.content.decode().lstrip().startswith('<div class="lib-list">')
    assert "Add Bridge" not in part.content.decode()


def test_search_travels_with_the_form(desk: Desk) -> None:
    response = desk.press("save", desk.open(q="bend"), **{"b0l0-sets": "5"})
    assert "q=bend" in response["Location"]


def test_preview_shows_lines_and_the_first_two_weeks(desk: Desk) -> None:
    assert desk.press("preview", **{"b0l0-hold_s": "15"})["Location"] == desk.url("preview")
    body = desk.client.get(desk.url("preview")).content.decode()
    assert "3 × 15 s each side, rest 45 s" in body
    assert "until Thu 26 Nov" in body
    assert "before each run, about 2 min. Never due, so never missed." in body
    later = desk.client.get(desk.url("preview"), {"from": "2026-12-07"}).content.decode()
    assert "Thu 26 Nov" not in later
    assert "until Tue 8 Dec" in later


def test_preview_says_one_session_in_the_singular(desk: Desk) -> None:
    desk.press("preview", **{"b0-per_week": "1"})
    assert "on the fullest day, 1 session a week." in desk.client.get(desk.url("preview")).content.decode()


def test_end_asks_for_an_outcome(desk: Desk) -> None:
    assert desk.client.get(desk.url("end")).status_code == 200
    assert desk.client.post(desk.url("end"), {}).status_code == 422
    assert desk.client.post(desk.url("end"), {"outcome": "goal_met"}).status_code == 302
    with desk.within:
        assert Program.objects.get(pk=desk.program.pk).outcome == "goal_met"


def test_new_program_from_a_protocol(cast: Cast, sign_in: SignIn, within: Within, now: datetime) -> None:
    with within(cast.riverside):
        adopt(clinic=cast.riverside, by=None, now=now)
        protocol = Protocol.objects.order_by("name").first()
    client, url = sign_in(cast.tess), f"/athletes/{cast.ana.pk}/programs/new/"
    assert protocol.summary in client.get(url).content.decode()
    client.post(url, {"protocol": str(protocol.pk), "title": ""})
    with within(cast.riverside):
        program = Program.objects.get()
        assert program.title == protocol.name
        assert draft_of(program).blocks.count() == protocol.phases.first().blocks.count()


def test_new_program_without_anything_keeps_the_page(cast: Cast, sign_in: SignIn) -> None:
    response = sign_in(cast.tess).post(f"/athletes/{cast.ana.pk}/programs/new/", {"protocol": "", "title": " "})
    assert response.status_code == 422
    assert "Give it a name." in response.content.decode()


PAGES = ("draft", "preview", "end", "publish")


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("who", ["olive", "finn", "ana"])
def test_only_the_care_team_prescribes(desk: Desk, cast: Cast, sign_in: SignIn, who: str, page: str) -> None:
    member = getattr(cast, who)
    client = sign_in(member.member if isinstance(member, Athlete) else member)
    assert client.get(desk.url(page)).status_code in {403, 405}
    assert client.post(desk.url(page), {"do": "save", "outcome": "improved"}).status_code == 403
    with desk.within:
        assert Program.objects.get(pk=desk.program.pk).state == "active"
        assert draft_of(desk.program) is None


def test_another_clinics_program_is_not_there(desk: Desk, cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.hugo)
    for page in PAGES:
        assert client.post(desk.url(page)).status_code == 404


def test_another_clinics_exercise_is_not_there(desk: Desk, cast: Cast, within: Within) -> None:
    with within(cast.hilltop):
        foreign = make_exercise("Plank")
    assert desk.press("save", **{"b0l0-exercise_id": str(foreign.pk)}).status_code == 404


def test_program_of_another_runner_is_not_there(desk: Desk, cast: Cast, within: Within, now: datetime) -> None:
    with within(cast.riverside):
        other = make_athlete("Cleo Ray", by=cast.tess, clinic_slug="riverside", with_user=False)
    assert desk.client.get(f"/athletes/{other.pk}/programs/{desk.program.pk}/draft/").status_code == 404


def test_desk_asks_as_many_queries_for_many_lines_as_for_few(
    desk: Desk, moves: dict[str, Exercise], cast: Cast, now: datetime
) -> None:
    desk.press("save")
    with CaptureQueriesContext(connection) as few:
        desk.open()
    with desk.within:
        more = [make_exercise(f"Move {n}") for n in range(20)]
        plan = Plan((*plan_of(draft_of(desk.program)).blocks, block(*more), block(*more[:3])))
        drafts.save(program=desk.program, plan=plan, seen=drafts.seen_now(desk.program), by=cast.tess, now=now)
    with CaptureQueriesContext(connection) as many:
        desk.open()
    assert len(few) == len(many)
