"""The editor of exercises, their history, and the way out of the list and back."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.datastructures import MultiValueDict

from clinic.ids import uuid7
from clinic.models import Clinic, Member
from exercises.actions import exercises, protocols, retiring
from exercises.catalogue import load
from exercises.forms.exercise import open_sheet, typed_sheet
from exercises.kinds import Laterality, Measure, Region, Side
from exercises.models import Exercise, ExerciseLink, ExerciseVersion
from exercises.queries.content import exercise_content
from exercises.queries.names import Named
from exercises.rules.content import BlockContent, ExerciseContent, ItemContent, PhaseContent, ProtocolContent
from exercises.rules.dose import Dose
from tests.cast import Cast
from tests.plain_form import PlainForm, form_of
from tests.prescribing import DAILY, TEN, make_exercise

SignIn = Callable[[Member], Client]
Within = Callable[[Clinic], Any]
NEW = "/library/new/"
WALL_SIT = {
    "name": "Wall sit",
    "kind": "strength",
    "laterality": "together",
    "regions": ["quadriceps", "hip"],
    "equipment": ["wall"],
    "steps": "Lean on the wall.\r\n\r\n  Slide down and stay.  ",
    "cues": "Knees over the feet.",
    "mistakes": "",
    "caution_tags": [],
    "avoid_when": "The knee is swollen.",
    "dose-measure": "hold",
    "dose-sets": "3",
    "dose-hold_s": "30",
    "dose-rest_s": "60",
    "dose-side": "none",
    "dose_source": "Clinical convention",
    "figure": "",
    "easier": ["", ""],
    "harder": ["", ""],
}


def content_in(clinic: Clinic, code: str, within: Within) -> ExerciseContent:
    with within(clinic):
        return exercise_content(Exercise.objects.get(code=code))


@pytest.fixture
def bridge(cast: Cast, within: Within, now: datetime) -> Exercise:
    """A bridge in Riverside that Theo wrote."""
    with within(cast.riverside):
        content = replace(exercise_content(make_exercise("Bridge seed")), code="own_bridge", name="Bridge")
        return exercises.create(content=content, by=cast.theo, now=now)


def send(client: Client, page: HttpResponse, url: str, **typed: Any) -> HttpResponse:
    fields = {**form_of(page, "editor").fields, "do": ["save"]}
    fields |= {name: value if isinstance(value, list) else [value] for name, value in typed.items()}
    return client.post(url, fields)


@pytest.mark.parametrize(("who", "status"), [("olive", 200), ("tess", 200), ("finn", 403), ("ana", 403)])
def test_owner_and_therapist_edit(
    cast: Cast, sign_in: SignIn, within: Within, bridge: Exercise, who: str, status: int
) -> None:
    person = getattr(cast, who)
    client = sign_in(getattr(person, "member", person))
    for page in (
        NEW,
        *(f"/library/{bridge.pk}/{page}/" for page in ("edit", "copy", "history", "history/1", "retire")),
    ):
        assert client.get(page).status_code == status
    shown = client.get(f"/library/{bridge.pk}/").content.decode()
    assert (f"/library/{bridge.pk}/edit/" in shown) == (status == 200)


@pytest.mark.parametrize("page", ["edit", "copy", "history", "history/1", "retire", "bring-back"])
def test_another_clinics_exercise_is_a_404(cast: Cast, sign_in: SignIn, bridge: Exercise, page: str) -> None:
    hugo = sign_in(cast.hugo)
    ask = hugo.post if page == "bring-back" else hugo.get
    theirs, none = (ask(f"/library/{pk}/{page}/") for pk in (bridge.pk, uuid7()))
    assert (theirs.status_code, none.status_code) == (404, 404)
    assert theirs.content == none.content


def test_new_exercise_is_written_on_one_page(cast: Cast, sign_in: SignIn, within: Within) -> None:
    tess = sign_in(cast.tess)
    answer = send(tess, tess.get(NEW), NEW, **WALL_SIT)
    content = content_in(cast.riverside, "own_wall_sit", within)
    assert content.steps == ("Lean on the wall.", "Slide down and stay.")
    assert content.dose == Dose(measure=Measure.HOLD, sets=3, hold_s=30, rest_s=60)
    assert content.regions == ("quadriceps", "hip")
    assert answer.status_code == 302
    page = tess.get(answer["Location"]).content.decode()
    assert "Wall sit is in your library." in page


@pytest.mark.parametrize("name", ["Bridge", "  bridge ", "BRIDGE", "Side  plank"])
def test_name_in_use_is_refused_beside_the_name(
    cast: Cast, sign_in: SignIn, within: Within, bridge: Exercise, now: datetime, name: str
) -> None:
    with within(cast.riverside):
        plank = make_exercise("Side plank", Laterality.ONE_SIDE)
    tess, url = sign_in(cast.tess), f"/library/{bridge.pk}/copy/"
    for there in (NEW, url):
        page = send(tess, tess.get(there), there, **WALL_SIT | {"name": name})
        assert page.status_code == 422
        body = page.content.decode()
        assert "There is an exercise of this name already." in body
        assert 'href="#id_name"' in body
        assert form_of(page, "editor").fields["name"] == [name]
    with within(cast.riverside):
        taken = Exercise.objects.get(name="Bridge") if "lank" in name else plank
        edit = f"/library/{taken.pk}/edit/"
    assert send(tess, tess.get(edit), edit, name=name).status_code == 422
    with within(cast.riverside):
        retiring.retire(row=plank if "lank" in name else bridge, by=cast.theo, now=now)
    assert send(tess, tess.get(NEW), NEW, **WALL_SIT | {"name": name}).status_code == 302


def test_own_name_is_kept_or_written_otherwise(cast: Cast, sign_in: SignIn, within: Within, bridge: Exercise) -> None:
    with within(cast.riverside):
        twin = make_exercise("Twin")
        Exercise.objects.filter(pk=twin.pk).update(name="Bridge")  # from before names were looked at, or an import
    tess, url = sign_in(cast.tess), f"/library/{bridge.pk}/edit/"
    assert send(tess, tess.get(url), url, cues="Slowly.").status_code == 302
    assert send(tess, tess.get(url), url, name="BRIDGE").status_code == 302
    assert content_in(cast.riverside, "own_bridge", within).name == "BRIDGE"


@pytest.mark.parametrize(
    ("typed", "said", "first"),
    [
        ({"dose-sets": "99"}, "One place is marked below", "id_dose-sets"),
        ({"dose-sets": "99", "steps": " ", "easier": ["nobody"]}, "3 places are marked below", "id_steps"),
        ({"dose-sets": "99", "easier": ["nobody"]}, "2 places are marked below", "id_dose-sets"),
        ({"easier": ["nobody"]}, "One place is marked below", "id_easier"),
        ({"regions": ["tail"]}, "One place is marked below", "id_regions"),
        ({"figure": "nothing"}, "One place is marked below", "id_figure"),
    ],
)
def test_page_says_how_much_is_wrong_and_leads_to_the_first(
    cast: Cast, sign_in: SignIn, typed: dict[str, Any], said: str, first: str
) -> None:
    tess = sign_in(cast.tess)
    body = send(tess, tess.get(NEW), NEW, **{**WALL_SIT, **typed}).content.decode()
    assert said in body
    assert f'href="#{first}"' in body
    assert body.count(f'id="{first}"') == 1


def test_page_sent_twice_adds_one_exercise(cast: Cast, sign_in: SignIn, within: Within, bridge: Exercise) -> None:
    tess = sign_in(cast.tess)
    opened = tess.get(NEW)
    first, second = (send(tess, opened, NEW, **WALL_SIT | {"harder": ["own_bridge"]}) for _click in range(2))
    assert (first.status_code, second.status_code) == (302, 302)
    assert first["Location"] == second["Location"]
    other = send(tess, opened, NEW, **WALL_SIT | {"name": "Chair"})  # back in the browser, and on from there
    assert other.status_code == 302
    theirs = send(sign_in(cast.theo), opened, NEW, **WALL_SIT)
    assert theirs["Location"] not in {first["Location"], other["Location"]}
    with within(cast.riverside):
        codes = Exercise.objects.exclude(code__contains="bridge").order_by("code").values_list("code", flat=True)
        assert list(codes) == ["own_chair", "own_wall_sit", "own_wall_sit_2"]
        assert bridge.versions.count() == 2


def test_page_with_the_id_of_another_clinics_row_adds_its_own(
    cast: Cast, sign_in: SignIn, within: Within, bridge: Exercise
) -> None:
    hanna = sign_in(cast.hanna)
    answer = send(hanna, hanna.get(NEW), NEW, **WALL_SIT | {"client_id": str(bridge.pk)})
    assert answer.status_code == 302
    assert str(bridge.pk) not in answer["Location"]
    with within(cast.riverside):
        assert Exercise.objects.get(pk=bridge.pk).name == bridge.name


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"name": " "}, "Give it a name."),
        ({"steps": "\r\n  "}, "Say how it is done, step by step."),
        ({"kind": ""}, "Choose what it is for."),
        ({"kind": "dance"}, "dance is not one of the available choices"),
        ({"regions": ["tail"]}, "tail is not one of the available choices"),
        ({"dose-sets": "99"}, "1 to 10."),
        ({"dose-hold_s": ""}, "Say how much."),
        ({"dose-side": "each"}, "This exercise has no sides."),
        ({"dose-reps_pattern": "6-4"}, "Say one number for each set: 6-4-2 are three sets."),
        ({"laterality": "one_side"}, "Choose the side."),
        ({"dose-tempo": "fast"}, "Write the tempo as 3-1-1-0"),
        ({"steps": "Fine.\r\n" + "x" * 401}, "Line 2: This is too long."),
        ({"easier": ["nobody"]}, "This exercise is not in your library."),
        ({"harder": ["nobody"]}, "This exercise is not in your library."),
    ],
)
def test_what_cannot_be_saved_is_said_and_everything_typed_stays(
    cast: Cast, sign_in: SignIn, within: Within, typed: dict[str, Any], said: str
) -> None:
    tess = sign_in(cast.tess)
    page = send(tess, tess.get(NEW), NEW, **{**WALL_SIT, **typed})
    assert page.status_code == 422
    body = page.content.decode()
    assert said in body
    kept = form_of(page, "editor").fields
    wanted = {**WALL_SIT, **typed}
    for name in ("name", "steps", "cues", "avoid_when", "dose-sets", "dose-hold_s", "dose_source"):
        assert [text.strip() for text in kept[name]] == [str(wanted[name]).strip()], name
    assert kept["equipment"] == ["wall"]
    with within(cast.riverside):
        assert not Exercise.objects.exists()


def test_sets_are_typed_one_by_one(cast: Cast, sign_in: SignIn, within: Within, bridge: Exercise) -> None:
    tess, url = sign_in(cast.tess), f"/library/{bridge.pk}/edit/"
    send(tess, tess.get(url), url, **{"dose-sets": "3", "dose-reps": "", "dose-reps_pattern": "10-8-6"})
    assert content_in(cast.riverside, bridge.code, within).dose.reps_pattern == (10, 8, 6)
    page = tess.get(url)
    assert form_of(page, "editor").fields["dose-reps_pattern"] == ["10-8-6"]
    assert send(tess, page, url).status_code == 302
    with within(cast.riverside):
        assert bridge.versions.count() == 2
    assert "10, 8, 6 repetitions" in tess.get(f"/library/{bridge.pk}/").content.decode()


def test_untouched_page_makes_no_version(cast: Cast, sign_in: SignIn, within: Within, bridge: Exercise) -> None:
    tess, url = sign_in(cast.tess), f"/library/{bridge.pk}/edit/"
    answer = send(tess, tess.get(url), url)
    assert answer.status_code == 302
    assert "Saved" not in tess.get(answer["Location"]).content.decode()
    with within(cast.riverside):
        assert bridge.versions.count() == 1


def test_untouched_page_says_what_the_catalogue_says() -> None:
    known = {one.code: Named(uuid7(), one.code, one.name, one.kind, False, one.name) for one in load().exercises}
    for entry in load().exercises:
        content = replace(entry, avoid_when=f"{entry.avoid_when}\n\nAsk.".strip())
        shown = open_sheet(content, names=known, code=content.code)
        sent = PlainForm(f'<form id="editor">{shown.form}{shown.dose}</form>', "editor").fields
        sent["easier"] = list(content.easier)  # the page has a select for each
        typed = typed_sheet(MultiValueDict(sent), names=known, code=content.code)
        assert typed.is_valid(), (typed.form.errors, typed.dose.errors)
        assert typed.content(code=content.code, before=content) == content


def test_what_is_ticked_anew_stands_last(cast: Cast, sign_in: SignIn, within: Within, bridge: Exercise) -> None:
    tess, url = sign_in(cast.tess), f"/library/{bridge.pk}/edit/"
    with within(cast.riverside):
        content = replace(exercise_content(bridge), regions=(Region.QUADRICEPS, Region.HIP, Region.CORE))
        exercises.edit(exercise=bridge, content=content, revision=1, by=cast.theo, now=bridge.changed_at)
    send(tess, tess.get(url), url, regions=["ankle", "core", "quadriceps"])
    assert content_in(cast.riverside, "own_bridge", within).regions == ("quadriceps", "core", "ankle")


def test_edit_says_who_when_and_why_in_the_history(
    cast: Cast, sign_in: SignIn, within: Within, bridge: Exercise
) -> None:
    tess, url = sign_in(cast.tess), f"/library/{bridge.pk}/edit/"
    send(tess, tess.get(url), url, **{"dose-reps": "12", "steps": "Lift.\r\nHold.", "note": "Clearer"})
    assert "Saved as version 2." in tess.get(f"/library/{bridge.pk}/").content.decode()
    history = tess.get(f"/library/{bridge.pk}/history/").content.decode()
    for words in ("Version 2", "Changed", "by Tess Lindqvist", "Clearer", "Version 1", "by Theo Marsh"):
        assert words in history
    version = tess.get(f"/library/{bridge.pk}/history/2/").content.decode()
    for words in ("How", "Default dose", "</span>Do it.</del>", "</span>Lift.</ins>", "</span>2 × 12</ins>"):
        assert words in version
    first = tess.get(f"/library/{bridge.pk}/history/1/").content.decode()
    assert "What version 1 said" in first
    assert "<ins>" not in first
    assert "From version 1 to version 2" in tess.get(f"/library/{bridge.pk}/history/1/?beside=newest").content.decode()
    assert tess.get(f"/library/{bridge.pk}/history/3/").status_code == 404


def test_who_was_faster_is_shown_and_both_texts_stay(
    cast: Cast, sign_in: SignIn, within: Within, bridge: Exercise
) -> None:
    tess, theo, url = sign_in(cast.tess), sign_in(cast.theo), f"/library/{bridge.pk}/edit/"
    opened = tess.get(url)
    send(theo, theo.get(url), url, steps="Theo's step")
    page = send(tess, opened, url, steps="Tess's step", name="Tess's bridge")
    assert page.status_code == 409
    body = page.content.decode()
    assert "Theo Marsh saved version 2" in body
    assert "</span>Theo&#x27;s step</del>" in body
    assert "</span>Tess&#x27;s step</ins>" in body
    assert content_in(cast.riverside, "own_bridge", within).steps == ("Theo's step",)
    assert send(tess, page, url).status_code == 302  # now she has read it
    assert content_in(cast.riverside, "own_bridge", within).steps == ("Tess's step",)
    with within(cast.riverside):
        assert bridge.versions.count() == 3


def test_copy_is_the_clinics_own_and_the_original_stays(
    cast: Cast, sign_in: SignIn, within: Within, bridge: Exercise
) -> None:
    tess, url = sign_in(cast.tess), f"/library/{bridge.pk}/copy/"
    before = content_in(cast.riverside, "own_bridge", within)
    page = tess.get(url)
    assert form_of(page, "editor").fields["name"] == ["Bridge (Riverside)"]
    assert send(tess, page, url, steps="Ours.").status_code == 302
    ours = content_in(cast.riverside, "own_bridge_riverside", within)
    assert (ours.steps, ours.dose) == (("Ours.",), before.dose)
    assert content_in(cast.riverside, "own_bridge", within) == before


def test_ladder_is_chosen_from_the_library(cast: Cast, sign_in: SignIn, within: Within, bridge: Exercise) -> None:
    with within(cast.riverside):
        low, high = make_exercise("Pelvic tilt"), make_exercise("Hip thrust")
    tess, url = sign_in(cast.tess), f"/library/{bridge.pk}/edit/"
    send(tess, tess.get(url), url, easier=["pelvic_tilt", ""], harder=["hip_thrust", ""])
    with within(cast.riverside):
        assert set(ExerciseLink.objects.values_list("easier", "harder")) == {(low.pk, bridge.pk), (bridge.pk, high.pk)}
    page = tess.get(url)
    assert form_of(page, "editor").fields["harder"] == ["hip_thrust", "", ""]
    answer = send(tess, page, url, harder=["", ""], note="Too steep")
    assert "Saved." in tess.get(answer["Location"]).content.decode()
    assert "Too steep" in tess.get(f"/library/{high.pk}/history/").content.decode()
    with within(cast.riverside):
        assert list(ExerciseLink.objects.values_list("easier", "harder")) == [(low.pk, bridge.pk)]


def test_ladder_that_others_changed_meanwhile_stays(
    cast: Cast, sign_in: SignIn, within: Within, bridge: Exercise
) -> None:
    with within(cast.riverside):
        make_exercise("Hip thrust")
    tess, url = sign_in(cast.tess), f"/library/{bridge.pk}/edit/"
    opened = tess.get(url)
    with within(cast.riverside):
        ExerciseLink.objects.create(easier=bridge, harder=Exercise.objects.get(code="hip_thrust"))
    assert send(tess, opened, url, cues="Slowly").status_code == 302
    with within(cast.riverside):
        assert ExerciseLink.objects.count() == 1


def test_ladder_in_a_circle_is_said_beside_the_ladder(
    cast: Cast, sign_in: SignIn, within: Within, bridge: Exercise
) -> None:
    with within(cast.riverside):
        low = make_exercise("Pelvic tilt")
        ExerciseLink.objects.create(easier=low, harder=bridge)
    tess, url = sign_in(cast.tess), f"/library/{low.pk}/edit/"
    page = send(tess, tess.get(url), url, easier=["own_bridge"])
    assert page.status_code == 422
    assert page.context["sheet"].form.errors["easier"] == ["This would make an exercise easier than itself."]
    assert form_of(page, "editor").fields["easier"][0] == "own_bridge"


def test_sides_stay_and_the_page_says_what_to_do(cast: Cast, sign_in: SignIn, within: Within, bridge: Exercise) -> None:
    tess, url = sign_in(cast.tess), f"/library/{bridge.pk}/edit/"
    page = send(tess, tess.get(url), url, **{"laterality": Laterality.ONE_SIDE.value, "dose-side": Side.EACH.value})
    assert page.status_code == 422
    assert "Copy it instead." in page.content.decode()


def test_version_is_restored_as_a_new_one(cast: Cast, sign_in: SignIn, within: Within, bridge: Exercise) -> None:
    tess, url = sign_in(cast.tess), f"/library/{bridge.pk}/edit/"
    before = content_in(cast.riverside, "own_bridge", within)
    send(tess, tess.get(url), url, steps="Other")
    answer = tess.post(f"/library/{bridge.pk}/history/1/", {"revision": "2"})
    assert answer.status_code == 302
    assert content_in(cast.riverside, "own_bridge", within) == before
    assert "as it was in version 1" in tess.get(f"/library/{bridge.pk}/history/").content.decode()
    stale = tess.post(f"/library/{bridge.pk}/history/2/", {"revision": "2"})
    assert stale.status_code == 409
    body = stale.content.decode()
    assert "What version 2 changed" in body
    assert "Not restored." in body
    assert "Someone saved this exercise" in body
    assert 'name="revision" value="3"' in body
    gone = tess.post(f"/library/{bridge.pk}/history/9/", {"revision": "3"})
    assert gone.status_code == 404


@pytest.mark.parametrize("change", [{"kind": "dance"}, {"regions": ["tail"]}, {"mood": "calm"}])
def test_version_that_cannot_be_read_is_shown_as_it_was_kept(
    cast: Cast, sign_in: SignIn, within: Within, bridge: Exercise, change: dict[str, Any]
) -> None:
    tess, past = sign_in(cast.tess), f"/library/{bridge.pk}/history/"
    send(tess, tess.get(f"/library/{bridge.pk}/edit/"), f"/library/{bridge.pk}/edit/", steps="Other")
    with within(cast.riverside):
        first = ExerciseVersion.objects.get(exercise=bridge, number=1)
        ExerciseVersion.objects.filter(pk=first.pk).update(content=first.content | change)
    assert tess.get(past).status_code == 200
    for page in (tess.get(f"{past}1/"), tess.get(f"{past}1/?beside=newest")):
        body = page.content.decode()
        assert "What version 1 said" in body
        assert "Version 1 cannot be read by this release of the portal." in body
        assert "&quot;Do it.&quot;" in body
        assert "Restore version" not in body
    second = tess.get(f"{past}2/").content.decode()
    assert "What version 2 said" in second
    assert "Version 1 cannot be read by this release of the portal." in second
    assert "<span>Other</span>" in second
    refused = tess.post(f"{past}1/", {"revision": "2"})
    assert refused.status_code == 422
    assert "Not restored." in refused.content.decode()


def test_version_that_todays_rules_refuse_is_still_told(
    cast: Cast, sign_in: SignIn, within: Within, bridge: Exercise
) -> None:
    tess, past = sign_in(cast.tess), f"/library/{bridge.pk}/history/"
    send(tess, tess.get(f"/library/{bridge.pk}/edit/"), f"/library/{bridge.pk}/edit/", steps="Other")
    with within(cast.riverside):
        first = ExerciseVersion.objects.get(exercise=bridge, number=1)
        long = first.content | {"steps": ["x" * 401]}
        ExerciseVersion.objects.filter(pk=first.pk).update(content=long)
    assert "x" * 401 in tess.get(f"{past}1/").content.decode()
    assert "</span>Other</ins>" in tess.get(f"{past}2/").content.decode()
    refused = tess.post(f"{past}1/", {"revision": "2"})
    assert refused.status_code == 422
    assert "This is too long." in refused.content.decode()


def test_retiring_names_the_protocols_that_ask_for_it(
    cast: Cast, sign_in: SignIn, within: Within, bridge: Exercise, now: datetime
) -> None:
    item = ItemContent(exercise="own_bridge", dose=TEN)
    phase = PhaseContent(name="One", blocks=(BlockContent(title="Daily", schedule=DAILY, items=(item,)),))
    with within(cast.riverside):
        content = ProtocolContent(code="own_back", name="Back and hip", phases=(phase,))
        protocols.create(content=content, by=cast.tess, now=now)
    tess, url = sign_in(cast.tess), f"/library/{bridge.pk}/retire/"
    assert "Back and hip" in tess.get(url).content.decode()
    assert tess.post(url, {"note": "x" * 301}).status_code == 422
    assert tess.post(url, {"note": "No mats left"}).status_code == 302
    page = tess.get(f"/library/{bridge.pk}/").content.decode()
    assert "Bring back" in page
    assert "retired" in page
    assert "No mats left" in tess.get(f"/library/{bridge.pk}/history/").content.decode()
    tess.post(f"/library/{bridge.pk}/bring-back/")
    with within(cast.riverside):
        bridge.refresh_from_db()
        assert bridge.retired_at is None


def queries_of(client: Client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


def test_pages_take_as_many_queries_for_thirty_as_for_one(
    cast: Cast, sign_in: SignIn, within: Within, bridge: Exercise, now: datetime
) -> None:
    tess = sign_in(cast.tess)
    paths = [NEW, *(f"/library/{bridge.pk}/{page}/" for page in ("edit", "copy", "history", "history/1", "retire"))]
    one = [queries_of(tess, path) for path in paths]
    with within(cast.riverside):
        for n in range(30):
            other = make_exercise(f"Number {n}")
            links = ((other, bridge), (bridge, other))
            low, high = links[n % 2]
            ExerciseLink.objects.create(easier=low, harder=high, order=n)
        content = exercise_content(bridge)
        for n in range(1, 31):
            new = replace(content, name=f"Bridge {n}")
            exercises.edit(exercise=bridge, content=new, revision=n, by=cast.tess, now=now)
    assert [queries_of(tess, path) for path in paths] == one
