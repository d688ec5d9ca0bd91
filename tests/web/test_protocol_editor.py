"""The editor of protocols: one plain form, sent whole by every button; only saving writes, and nothing typed is lost."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from clinic.ids import uuid7
from clinic.models import Clinic, Member
from exercises.actions import catalogue, protocols, retiring
from exercises.kinds import Gauge, Laterality, Measure, Operator, Pattern, Proof, Side
from exercises.models import Exercise, Protocol
from exercises.queries.content import protocol_content
from exercises.rules.content import BlockContent, ItemContent, PhaseContent, ProtocolContent
from exercises.rules.criteria import Criterion
from exercises.rules.dose import Dose
from exercises.rules.schedule import Schedule
from tests.cast import Cast
from tests.plain_form import Fields, form_of
from tests.prescribing import TEN, make_exercise

SignIn = Callable[[Member], Client]
Within = Callable[[Clinic], Any]
NEW = "/library/protocols/new/"
HOLD = Dose(measure=Measure.HOLD, sets=3, hold_s=20, side=Side.EACH, rest_s=45)
GATE = Criterion(
    kind=Proof.LOGGED, what=Gauge.HOLD_SECONDS, operator=Operator.AT_LEAST, threshold=30, exercise="side_plank"
)
DAYS = Schedule(pattern=Pattern.WEEKDAYS, weekdays=(0, 2, 4), times_per_day=2)
PLAN = ProtocolContent(
    code="own_back",
    name="Back",
    summary="Calm first.\n\nThen load.",
    audience="Runners",
    phases=(
        PhaseContent(
            name="First",
            exit_criteria=(GATE,),
            blocks=(
                BlockContent(
                    title="Daily",
                    schedule=DAYS,
                    items=(
                        ItemContent(exercise="side_plank", dose=HOLD, note="Slowly", in_bad_day_set=True),
                        ItemContent(exercise="bridge", dose=replace(TEN, tempo="3-1-1-0")),
                    ),
                ),
            ),
        ),
        PhaseContent(
            name="Second",
            blocks=(
                BlockContent(
                    title="Strength",
                    schedule=Schedule(pattern=Pattern.PER_WEEK, per_week=3),
                    items=(ItemContent(exercise="bridge", dose=TEN),),
                ),
            ),
        ),
    ),
)


@pytest.fixture
def moves(cast: Cast, within: Within) -> dict[str, Exercise]:
    """A plank with sides and a bridge without."""
    with within(cast.riverside):
        return {"plank": make_exercise("Side plank", Laterality.ONE_SIDE), "bridge": make_exercise("Bridge")}


@pytest.fixture
def back(cast: Cast, within: Within, moves: dict[str, Exercise], now: datetime) -> Protocol:
    """A protocol in two phases that Theo wrote."""
    del moves
    with within(cast.riverside):
        return protocols.create(content=PLAN, by=cast.theo, now=now)


def stored(clinic: Clinic, code: str, within: Within) -> ProtocolContent:
    with within(clinic):
        return protocol_content(Protocol.objects.get(code=code))


def fields_of(page: HttpResponse) -> Fields:
    return form_of(page, "editor").fields


def press(client: Client, page: HttpResponse, url: str, do: str, **typed: Any) -> HttpResponse:
    fields = {**fields_of(page), "do": [do]}
    fields |= {name: value if isinstance(value, list) else [value] for name, value in typed.items()}
    return client.post(url, fields)


def squeezed(page: HttpResponse) -> str:
    """Return the page without the line breaks of its templates."""
    return re.sub(r"\s+</", "</", page.content.decode())


def focused(page: HttpResponse) -> str:
    """Return the name, or for a button the value, of what has the cursor."""
    tag = page.content.decode().split(" autofocus", maxsplit=1)[0].rpartition("<")[2]
    wanted = 'value="' if tag.startswith("button") else 'name="'
    return tag.partition(wanted)[2].partition('"')[0]


@pytest.mark.parametrize(("who", "status"), [("olive", 200), ("tess", 200), ("finn", 403), ("ana", 403)])
def test_owner_and_therapist_edit(cast: Cast, sign_in: SignIn, back: Protocol, who: str, status: int) -> None:
    person = getattr(cast, who)
    client = sign_in(getattr(person, "member", person))
    for page in (NEW, *(f"/library/protocols/{back.pk}/{page}/" for page in ("edit", "copy", "history", "retire"))):
        assert client.get(page).status_code == status


@pytest.mark.parametrize("page", ["edit", "copy", "history", "history/1", "retire", "bring-back"])
def test_another_clinics_protocol_is_a_404(cast: Cast, sign_in: SignIn, back: Protocol, page: str) -> None:
    hugo = sign_in(cast.hugo)
    ask = hugo.post if page == "bring-back" else hugo.get
    theirs, none = (ask(f"/library/protocols/{pk}/{page}/") for pk in (back.pk, uuid7()))
    assert (theirs.status_code, none.status_code) == (404, 404)
    assert theirs.content == none.content


def test_two_phases_are_built_button_by_button(
    cast: Cast, sign_in: SignIn, within: Within, moves: dict[str, Exercise]
) -> None:
    tess = sign_in(cast.tess)
    page = press(tess, tess.get(NEW), NEW, "apply", name="Hip", **{"p0-name": "Calm", "p0b0-title": "Daily"})
    page = press(tess, page, NEW, "apply", **{"p0b0-add": "side plank"})  # as it is typed
    assert focused(page) == "p0b0-add"
    page = press(tess, page, NEW, "apply", **{"p0b0-add": "Bridge"})
    page = press(tess, page, NEW, "add_gate:0")
    assert focused(page) == "p0g0-what"
    page = press(tess, page, NEW, "add_phase")
    assert focused(page) == "p1-name"
    page = press(tess, page, NEW, "apply", **{"p1-name": "Load", "p1b0-title": "Strength", "p1b0-add": "Bridge"})
    with within(cast.riverside):
        assert not Protocol.objects.exists()
    answer = press(tess, page, NEW, "save", **{"p1b0i0-sets": "4"})
    assert answer.status_code == 302
    content = stored(cast.riverside, "own_hip", within)
    assert [phase.name for phase in content.phases] == ["Calm", "Load"]
    first, second = content.phases
    assert [item.exercise for item in first.blocks[0].items] == ["side_plank", "bridge"]
    assert first.blocks[0].items[0].dose.side == Side.EACH
    assert first.exit_criteria[0].what == Gauge.NEXT_MORNING_PAIN
    assert second.blocks[0].items[0].dose.sets == 4
    assert "Hip is in your library." in tess.get(answer["Location"]).content.decode()


def test_page_sent_twice_adds_one_protocol(cast: Cast, sign_in: SignIn, within: Within, back: Protocol) -> None:
    tess, url = sign_in(cast.tess), f"/library/protocols/{back.pk}/copy/"
    page = press(tess, tess.get(url), url, "apply")
    first, second = (press(tess, page, url, "save") for _click in range(2))
    assert first.status_code == second.status_code == 302
    assert first["Location"] == second["Location"]
    with within(cast.riverside):
        assert Protocol.objects.count() == 2
    assert press(tess, tess.get(url), url, "save")["Location"] != first["Location"]


def test_for_whom_is_one_line(cast: Cast, sign_in: SignIn) -> None:
    body = sign_in(cast.tess).get(NEW).content.decode()
    assert re.search(r'<input[^>]* name="audience"', body)
    assert re.search(r'<textarea[^>]* name="summary"', body)


def test_nothing_is_marked_wrong_before_somebody_saves(cast: Cast, sign_in: SignIn, moves: dict[str, Exercise]) -> None:
    tess = sign_in(cast.tess)
    for page in (tess.get(NEW), press(tess, tess.get(NEW), NEW, "add_block:0")):
        assert "field-error" not in page.content.decode()
        assert "aria-invalid" not in page.content.decode()


def test_name_that_is_nobodys_stays_in_its_field(cast: Cast, sign_in: SignIn, moves: dict[str, Exercise]) -> None:
    tess = sign_in(cast.tess)
    page = press(tess, tess.get(NEW), NEW, "apply", **{"p0b0-add": "Juggling"})
    assert "No exercise in your library has this name." in page.content.decode()
    assert fields_of(page)["p0b0-add"] == ["Juggling"]


def test_retired_exercise_is_not_added_and_its_gate_stays(
    cast: Cast, sign_in: SignIn, within: Within, back: Protocol, moves: dict[str, Exercise], now: datetime
) -> None:
    with within(cast.riverside):
        retiring.retire(row=moves["plank"], by=cast.theo, now=now)
    tess, url = sign_in(cast.tess), f"/library/protocols/{back.pk}/edit/"
    page = press(tess, tess.get(url), url, "apply", **{"p1b0-add": "Side plank"})
    assert "p1b0i1-sets" not in fields_of(page)
    assert "No exercise in your library has this name." in page.content.decode()
    assert press(tess, page, url, "save", **{"p1b0-add": ""}).status_code == 302
    assert stored(cast.riverside, "own_back", within) == PLAN


def test_retiring_names_protocols_whose_gates_ask(
    cast: Cast, sign_in: SignIn, within: Within, moves: dict[str, Exercise], now: datetime
) -> None:
    only_gate = replace(PLAN, phases=(replace(PLAN.phases[1], exit_criteria=(GATE,)),))
    with within(cast.riverside):
        protocols.create(content=only_gate, by=cast.theo, now=now)
    tess = sign_in(cast.tess)
    assert "One protocol asks for it" in tess.get(f"/library/{moves['plank'].pk}/retire/").content.decode()
    assert "One protocol asks for it" in tess.get(f"/library/{moves['bridge'].pk}/retire/").content.decode()


def test_what_is_named_beside_save_is_shown_before_it_is_saved(
    cast: Cast, sign_in: SignIn, within: Within, back: Protocol
) -> None:
    tess, url = sign_in(cast.tess), f"/library/protocols/{back.pk}/edit/"
    page = press(tess, tess.get(url), url, "save", **{"p1b0-add": "side plank"})
    assert page.status_code == 200
    assert "Not saved yet." in page.content.decode()
    assert fields_of(page)["p1b0i1-side"] == ["each"]
    assert "Not saved yet." not in press(tess, page, url, "apply", **{"p1b0-add": "side plank"}).content.decode()
    assert stored(cast.riverside, "own_back", within) == PLAN


@pytest.mark.parametrize("do", ["apply", "save"])
def test_full_block_says_that_it_is_full(
    cast: Cast, sign_in: SignIn, within: Within, back: Protocol, now: datetime, do: str
) -> None:
    first, second = PLAN.phases
    block = replace(second.blocks[0], items=second.blocks[0].items * 20)
    full = replace(PLAN, phases=(first, replace(second, blocks=(block,))))
    with within(cast.riverside):
        protocols.edit(protocol=back, content=full, revision=1, by=cast.theo, now=now)
    tess, url = sign_in(cast.tess), f"/library/protocols/{back.pk}/edit/"
    page = press(tess, tess.get(url), url, do, **{"p1b0-add": "side plank"})
    assert page.status_code == (422 if do == "save" else 200)
    assert "A block has at most 20 exercises." in page.content.decode()
    assert fields_of(page)["p1b0-add"] == ["side plank"]
    assert press(tess, page, url, "save", **{"p1b0-add": "", "note": "Full"}).status_code == 302


def test_untouched_page_saves_the_protocol_as_it_is(
    cast: Cast, sign_in: SignIn, within: Within, back: Protocol
) -> None:
    tess, url = sign_in(cast.tess), f"/library/protocols/{back.pk}/edit/"
    page = press(tess, tess.get(url), url, "apply")
    assert press(tess, page, url, "save").status_code == 302
    assert stored(cast.riverside, "own_back", within) == PLAN
    with within(cast.riverside):
        assert back.versions.count() == 1


def test_every_protocol_of_the_catalogue_survives_the_page(
    cast: Cast, sign_in: SignIn, within: Within, now: datetime
) -> None:
    tess = sign_in(cast.tess)
    with within(cast.riverside):
        catalogue.adopt(clinic=cast.riverside, by=cast.olive, now=now)
        rows = {row.pk: protocol_content(row) for row in Protocol.objects.all()}
    for pk, content in rows.items():
        url = f"/library/protocols/{pk}/edit/"
        page = tess.get(url)
        assert sum(map(len, fields_of(page).values())) < 2500
        assert press(tess, page, url, "save").status_code == 302
        assert stored(cast.riverside, content.code, within) == content


def place_of(content: ProtocolContent) -> list[list[list[str]]]:
    return [[[item.exercise for item in block.items] for block in phase.blocks] for phase in content.phases]


@pytest.mark.parametrize(
    ("do", "focus", "left"),
    [
        ("item_down:0.0.0", "item_down:0.0.1", [[["bridge", "side_plank"]], [["bridge"]]]),
        ("item_up:0.0.1", "item_up:0.0.0", [[["bridge", "side_plank"]], [["bridge"]]]),
        ("remove_item:0.0.0", "p0b0-add", [[["bridge"]], [["bridge"]]]),
        ("phase_down:0", "phase_down:1", [[["bridge"]], [["side_plank", "bridge"]]]),
        ("remove_phase:1", "add_phase", [[["side_plank", "bridge"]]]),
    ],
)
def test_buttons_move_and_remove(
    cast: Cast, sign_in: SignIn, within: Within, back: Protocol, do: str, focus: str, left: list[list[list[str]]]
) -> None:
    tess, url = sign_in(cast.tess), f"/library/protocols/{back.pk}/edit/"
    page = press(tess, tess.get(url), url, do)
    assert focused(page) == focus
    assert press(tess, page, url, "save").status_code == 302
    assert place_of(stored(cast.riverside, "own_back", within)) == left


def test_item_goes_over_the_edge_into_the_next_block(
    cast: Cast, sign_in: SignIn, within: Within, back: Protocol
) -> None:
    tess, url = sign_in(cast.tess), f"/library/protocols/{back.pk}/edit/"
    page = press(tess, tess.get(url), url, "add_block:0")
    page = press(tess, page, url, "item_down:0.0.1", **{"p0b1-title": "More"})
    assert focused(page) == "item_down:0.1.0"
    page = press(tess, page, url, "block_up:0.1")
    press(tess, page, url, "save")
    assert place_of(stored(cast.riverside, "own_back", within))[0] == [["bridge"], ["side_plank"]]


@pytest.mark.parametrize(
    "do",
    ["item_up:9.9.9", "remove_block:0", "phase_up:x", "block_up:-1.0", "item_down:0.0.77", "remove_gate:1.0", "fly"],
)
def test_button_that_does_not_fit_does_nothing(
    cast: Cast, sign_in: SignIn, within: Within, back: Protocol, do: str
) -> None:
    tess, url = sign_in(cast.tess), f"/library/protocols/{back.pk}/edit/"
    page = press(tess, tess.get(url), url, do)
    assert page.status_code == 200
    press(tess, page, url, "save")
    assert stored(cast.riverside, "own_back", within) == PLAN


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"name": ""}, "Give it a name."),
        ({"p0-name": " "}, "Give the phase a name."),
        ({"p0b0-title": ""}, "Give the block a title."),
        ({"p0b0-when": "weekdays", "p0b0-weekdays": []}, "Choose at least one day."),
        ({"p0b0i0-side": ""}, "Choose the side."),
        ({"p0b0i0-hold_s": "999"}, "1 to 300."),
        ({"p0b0i1-reps": "many"}, "Enter a whole number."),
        ({"p0g0-threshold": ""}, "Say the number."),
        ({"p0g0-threshold": "900"}, "1 to 300."),
        ({"p0g0-exercise": ""}, "Choose the exercise."),
        ({"p0g0-exercise": "Juggling"}, "No exercise in your library has this name."),
        ({"p0g0-stale_days": "365"}, "1 to 90."),
        ({"p0g0-what": "limp"}, ">Limp: choose yes or no.<"),
        ({"p0g0-operator": "is_true"}, ">Hold: choose at most, at least or exactly.<"),
        ({"p0g0-what": "red_flags_clear", "p0g0-operator": "is_true"}, "Only a clinician can check this."),
    ],
)
def test_what_cannot_be_saved_is_said_and_everything_typed_stays(
    cast: Cast, sign_in: SignIn, within: Within, back: Protocol, typed: dict[str, Any], said: str
) -> None:
    tess, url = sign_in(cast.tess), f"/library/protocols/{back.pk}/edit/"
    opened = tess.get(url)
    page = press(tess, opened, url, "save", **{"summary": "Kept", "p1-name": "Kept too", **typed})
    assert page.status_code == 422
    assert said in page.content.decode()
    fields = {**fields_of(opened), "summary": ["Kept"], "p1-name": ["Kept too"]}
    fields |= {name: value if isinstance(value, list) else [value] for name, value in typed.items()}
    kept = fields_of(page)
    assert {name: kept.get(name, []) for name in fields if name != "csrfmiddlewaretoken"} == {
        name: value for name, value in fields.items() if name != "csrfmiddlewaretoken"
    }
    assert stored(cast.riverside, "own_back", within) == PLAN


@pytest.mark.parametrize(
    ("typed", "said", "first"),
    [
        ({"p0g0-threshold": "abc"}, "One place is marked below", "p0g0"),
        ({"p0g0-threshold": "abc", "p1-name": ""}, "2 places are marked below", "p0g0"),
        ({"p0g0-threshold": "abc", "p0b0i1-reps": "many", "p0b0i1-sets": ""}, "2 places are marked below", "p0b0i1"),
        ({"p0b0-title": "", "p0b0i1-reps": "many"}, "2 places are marked below", "p0b0"),
        ({"name": "", "p1-name": ""}, "2 places are marked below", "id_name"),
    ],
)
def test_page_says_how_much_is_wrong_and_leads_to_the_first(
    cast: Cast, sign_in: SignIn, back: Protocol, typed: dict[str, Any], said: str, first: str
) -> None:
    tess, url = sign_in(cast.tess), f"/library/protocols/{back.pk}/edit/"
    body = press(tess, tess.get(url), url, "save", **typed).content.decode()
    assert said in body
    assert f'href="#{first}"' in body
    assert len(re.findall(rf'\bid="{first}"', body)) == 1


def test_name_that_is_nobodys_is_where_the_page_leads(cast: Cast, sign_in: SignIn, back: Protocol) -> None:
    tess, url = sign_in(cast.tess), f"/library/protocols/{back.pk}/edit/"
    body = press(tess, tess.get(url), url, "save", **{"p0b0-add": "Juggling"}).content.decode()
    assert 'href="#id_p0b0-add"' in body
    assert len(re.findall(r'\bid="id_p0b0-add"', body)) == 1


def test_gates_are_called_a_checklist_that_nothing_checks(cast: Cast, sign_in: SignIn, back: Protocol) -> None:
    tess, there = sign_in(cast.tess), f"/library/protocols/{back.pk}/"
    for page in (there, f"{there}edit/", NEW):
        body = tess.get(page).content.decode()
        assert "Gates are a checklist for the clinician. The portal does not check them yet." in body


@pytest.mark.parametrize(
    ("buttons", "said"),
    [
        (["remove_phase:1", "remove_phase:0"], "Add at least one phase."),
        (["remove_block:0.0"], "Every phase needs at least one block."),
        (["remove_item:1.0.0"], "Every block needs at least one exercise."),
    ],
)
def test_what_is_empty_is_said(cast: Cast, sign_in: SignIn, back: Protocol, buttons: list[str], said: str) -> None:
    tess, url = sign_in(cast.tess), f"/library/protocols/{back.pk}/edit/"
    page = tess.get(url)
    for do in buttons:
        page = press(tess, page, url, do)
    page = press(tess, page, url, "save")
    assert page.status_code == 422
    assert said in page.content.decode()


def test_yes_or_no_needs_no_number(cast: Cast, sign_in: SignIn, within: Within, back: Protocol) -> None:
    tess, url = sign_in(cast.tess), f"/library/protocols/{back.pk}/edit/"
    typed = {"p0g0-what": "limp", "p0g0-operator": "is_false", "p0g0-exercise": ""}
    assert press(tess, tess.get(url), url, "save", **typed).status_code == 302
    gate = stored(cast.riverside, "own_back", within).phases[0].exit_criteria[0]
    assert (gate.what, gate.threshold) == (Gauge.LIMP, None)


def test_who_was_faster_is_shown_and_both_texts_stay(
    cast: Cast, sign_in: SignIn, within: Within, back: Protocol
) -> None:
    tess, theo, url = sign_in(cast.tess), sign_in(cast.theo), f"/library/protocols/{back.pk}/edit/"
    opened = tess.get(url)
    press(theo, theo.get(url), url, "save", **{"p1-name": "Theo's phase"})
    page = press(tess, opened, url, "save", **{"p1-name": "Tess's phase", "name": "Tess's back"})
    assert page.status_code == 409
    body = squeezed(page)
    assert "Theo Marsh saved version 2" in body
    assert "<b>Theo&#x27;s phase</b></del>" in body
    assert "<b>Tess&#x27;s phase</b></ins>" in body
    assert stored(cast.riverside, "own_back", within).phases[1].name == "Theo's phase"
    assert press(tess, page, url, "save").status_code == 302
    assert stored(cast.riverside, "own_back", within).phases[1].name == "Tess's phase"


def test_copy_is_the_clinics_own(cast: Cast, sign_in: SignIn, within: Within, back: Protocol) -> None:
    tess, url = sign_in(cast.tess), f"/library/protocols/{back.pk}/copy/"
    page = tess.get(url)
    assert fields_of(page)["name"] == ["Back (Riverside)"]
    assert press(tess, page, url, "save").status_code == 302
    assert stored(cast.riverside, "own_back_riverside", within).phases == PLAN.phases
    assert stored(cast.riverside, "own_back", within) == PLAN


def test_history_tells_phases_in_words_and_restores(
    cast: Cast, sign_in: SignIn, within: Within, back: Protocol
) -> None:
    tess, there = sign_in(cast.tess), f"/library/protocols/{back.pk}/"
    press(tess, tess.get(f"{there}edit/"), f"{there}edit/", "save", **{"p0b0i0-sets": "2", "note": "Less"})
    page = squeezed(tess.get(f"{there}history/2/"))
    assert 'Side plank <span class="num">3 × 20 s each side, rest 45 s</span>, bad-day set. Slowly</del>' in page
    assert "Hold, Side plank: 30 s or more" in page
    assert "Less" in tess.get(f"{there}history/").content.decode()
    assert tess.post(f"{there}history/1/", {"revision": "2"}).status_code == 302
    assert stored(cast.riverside, "own_back", within) == PLAN


def test_gate_that_todays_rules_refuse_is_shown_and_can_be_mended(
    cast: Cast, sign_in: SignIn, within: Within, back: Protocol
) -> None:
    tess, there = sign_in(cast.tess), f"/library/protocols/{back.pk}/"
    with within(cast.riverside):
        phase = back.phases.get(order=1)
        phase.exit_criteria = [gate | {"times": 99} for gate in phase.exit_criteria]
        phase.save()
    assert "99 times" in tess.get(there).content.decode()
    assert tess.get("/library/protocols/").status_code == 200
    page = tess.get(f"{there}edit/")
    assert press(tess, page, f"{there}edit/", "save").status_code == 422
    assert press(tess, page, f"{there}edit/", "save", **{"p0g0-times": "2"}).status_code == 302
    assert stored(cast.riverside, "own_back", within).phases[0].exit_criteria[0].times == 2


def test_another_clinics_exercise_cannot_be_smuggled_in(
    cast: Cast, sign_in: SignIn, within: Within, back: Protocol
) -> None:
    with within(cast.hilltop):
        theirs = make_exercise("Hilltop hop")
    tess, url = sign_in(cast.tess), f"/library/protocols/{back.pk}/edit/"
    for stranger in (str(theirs.pk), "x"):
        assert press(tess, tess.get(url), url, "save", **{"p0b0i0-exercise_id": stranger}).status_code == 404
    page = press(tess, tess.get(url), url, "apply", **{"p0b0-add": "Hilltop hop"})
    assert "No exercise in your library has this name." in page.content.decode()


def queries_of(client: Client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


def test_pages_take_as_many_queries_for_thirty_as_for_one(
    cast: Cast, sign_in: SignIn, within: Within, back: Protocol, now: datetime
) -> None:
    tess = sign_in(cast.tess)
    paths = [NEW, *(f"/library/protocols/{back.pk}/{page}/" for page in ("edit", "copy", "history", "history/1"))]
    one = [queries_of(tess, path) for path in paths]
    with within(cast.riverside):
        items = tuple(ItemContent(exercise=make_exercise(f"Number {n}").code, dose=TEN) for n in range(15))
        phase = replace(PLAN.phases[0], blocks=(replace(PLAN.phases[0].blocks[0], items=items),) * 2)
        for n in range(1, 4):
            content = replace(PLAN, name=f"Back {n}", phases=(phase, phase))
            protocols.edit(protocol=back, content=content, revision=n, by=cast.tess, now=now)
    assert [queries_of(tess, path) for path in paths] == one
