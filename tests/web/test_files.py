import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from html import unescape
from typing import Any

import pytest
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from clinic.models import Clinic, Member
from exercises import exchange
from exercises.actions import exercises, retiring
from exercises.actions.catalogue import adopt
from exercises.catalogue import load
from exercises.exchange import delimited, document
from exercises.exchange.columns import EXERCISE
from exercises.forms.exchange import SALT
from exercises.models import Exercise
from exercises.queries.content import exercise_contents
from exercises.rules.content import ExerciseContent
from exercises.rules.content_json import exercise_json, protocol_json
from tests.cast import Cast

Within = Callable[[Clinic], Any]
SignIn = Callable[[Member], Client]
PAGE, APPLY = "/library/files/", "/library/files/import/"
SHIPPED = load()
PLANK, SWIM = (next(one for one in SHIPPED.exercises if one.code == code) for code in ("plank", "swim"))
BROKEN = exercise_json(PLANK) | {
    "code": "broken",
    "name": "Broken",
    "dose": exercise_json(PLANK)["dose"] | {"sets": 99},
}


@pytest.fixture
def adopted(cast: Cast, within: Within, now: datetime) -> Cast:
    for clinic, owner in ((cast.riverside, cast.olive), (cast.hilltop, cast.hanna)):
        with within(clinic):
            adopt(clinic=clinic, by=owner, now=now)
    return cast


def csv(*rows: ExerciseContent | dict[str, Any]) -> bytes:
    return delimited.write(row if isinstance(row, dict) else exercise_json(row) for row in rows)


def upload(browser: Client, data: bytes, name: str = "ours.csv") -> Any:
    return browser.post(PAGE, {"file": SimpleUploadedFile(name, data)})


def shown(page: Any) -> str:
    found = re.search(r'name="shown" value="([^"]+)"', page.content.decode())
    assert found
    return unescape(found[1])


@pytest.mark.parametrize(("who", "status"), [("olive", 200), ("tess", 200), ("finn", 403), ("ana", 403)])
def test_files_are_for_those_who_may_edit(adopted: Cast, sign_in: SignIn, who: str, status: int) -> None:
    person = getattr(adopted, who)
    browser = sign_in(getattr(person, "member", person))
    assert browser.get(PAGE).status_code == status
    assert browser.get(f"{PAGE}exercises.csv").status_code == status
    assert upload(browser, csv(PLANK)).status_code == status
    assert browser.post(APPLY).status_code == (422 if status == 200 else 403)
    link = f'href="{PAGE}"' in browser.get("/library/").content.decode()
    assert link == (status == 200)


@pytest.mark.parametrize(
    ("name", "content_type"),
    [
        ("exercises.csv", "text/csv; charset=utf-8"),
        ("exercises.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("exercises.json", "application/json"),
        ("protocols.json", "application/json"),
        ("library.json", "application/json"),
    ],
)
def test_export_is_a_file_to_save(adopted: Cast, sign_in: SignIn, name: str, content_type: str) -> None:
    answer = sign_in(adopted.tess).get(f"{PAGE}{name}")
    assert answer["Content-Type"] == content_type
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"] == f'attachment; filename="riverside-2026-11-24-{name}"'
    found = exchange.read(answer.content)
    assert len(found.exercises) == (0 if name.startswith("protocols") else len(SHIPPED.exercises))
    assert len(found.protocols) == (0 if name.startswith("exercises") else len(SHIPPED.protocols))


@pytest.mark.parametrize("name", ["exercises.pdf", "..", "exercises", "protocols.csv"])
def test_export_of_something_else_is_not_there(adopted: Cast, sign_in: SignIn, name: str) -> None:
    assert sign_in(adopted.tess).get(f"{PAGE}{name}").status_code == 404


def test_export_has_only_its_clinic(adopted: Cast, sign_in: SignIn, within: Within, now: datetime) -> None:
    with within(adopted.hilltop):
        exercises.create(content=replace(PLANK, code="own_hop", name="Hilltop hop"), by=adopted.hugo, now=now)
    assert b"Hilltop hop" not in sign_in(adopted.tess).get(f"{PAGE}exercises.csv").content
    assert b"Hilltop hop" in sign_in(adopted.hugo).get(f"{PAGE}exercises.csv").content


def test_page_says_every_column(adopted: Cast, sign_in: SignIn) -> None:
    page = sign_in(adopted.tess).get(PAGE).content.decode()
    assert [column.name for column in EXERCISE if f"<code>{column.name}</code>" not in page] == []
    assert "one of: reps, hold, time, distance, breaths" in page


def test_dry_run_shows_every_entry_and_writes_nothing(adopted: Cast, sign_in: SignIn, within: Within) -> None:
    data = csv(SWIM, replace(PLANK, name="Our <b>plank</b>"), replace(PLANK, code="wall_plank", name="Wall plank"))
    page = upload(sign_in(adopted.tess), data)
    assert page.status_code == 200
    words = page.content.decode()
    for part in ("1 new", "1 changed", "1 as in the library", "0 with errors", "Row 3", "Wall plank", SWIM.name):
        assert part in words
    assert "Our &lt;b&gt;plank&lt;/b&gt;" in words
    assert "Import 1 new, 1 changed" in words
    with within(adopted.riverside):
        assert exercise_contents()["plank"] == PLANK


def test_dry_run_says_what_is_retired_and_stays_so(
    adopted: Cast, sign_in: SignIn, within: Within, now: datetime
) -> None:
    with within(adopted.riverside):
        for row in Exercise.objects.filter(code__in=("plank", "swim")):
            retiring.retire(row=row, by=adopted.tess, now=now)
    words = upload(sign_in(adopted.tess), csv(SWIM, replace(PLANK, name="Our plank"))).content.decode()
    assert "Retired, so not on the list: it stays so." in words
    assert f"{SWIM.name} (retired)" in words


def test_import_writes_exactly_what_was_shown(adopted: Cast, sign_in: SignIn, within: Within) -> None:
    browser = sign_in(adopted.tess)
    page = upload(browser, csv(replace(PLANK, name="Our plank"), replace(PLANK, code="wall_plank", name="Wall plank")))
    answer = browser.post(APPLY, {"shown": shown(page)}, follow=True)
    assert "Imported: 2 entries." in answer.content.decode()
    with within(adopted.riverside):
        row = Exercise.objects.get(code="plank")
        version = row.versions.get(number=2)
        assert (row.name, version.origin, version.by_id) == ("Our plank", "imported", adopted.tess.pk)
        assert version.note == "From the file ours.csv"
        assert Exercise.objects.get(code="wall_plank").name == "Wall plank"
    with within(adopted.hilltop):
        assert Exercise.objects.get(code="plank").name == PLANK.name


def test_errors_are_told_and_only_the_good_rows_come_in_if_chosen(
    adopted: Cast, sign_in: SignIn, within: Within
) -> None:
    browser = sign_in(adopted.tess)
    page = upload(browser, csv(BROKEN, replace(PLANK, name="Our plank")))
    words = page.content.decode()
    assert re.search(r"Row 2</span> <b>Broken</b>", words)
    assert "<code>sets</code>: This number is too small or too large." in words
    assert "Import 0 new and 1 changed, leave 1 out" in words
    refused = browser.post(APPLY, {"shown": shown(page)})
    assert refused.status_code == 422
    assert "Some entries have errors." in refused.content.decode()
    browser.post(APPLY, {"shown": shown(page), "only_good": "on"})
    with within(adopted.riverside):
        assert Exercise.objects.get(code="plank").name == "Our plank"
        assert not Exercise.objects.filter(code="broken").exists()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": ""}, "<code>name</code>: The name is missing."),
        ({"name": "", "kind": "dance"}, "<code>name</code>: The name is missing."),
        ({"kind": "dance"}, "<code>kind</code>: Choose one of: warm_up, mobility, stretch, strength, activity."),
        ({"regions": ["tail"]}, "Choose one of: lower_back, "),
        ({"dose": {"measure": "dozens"}}, "<code>measure</code>: Choose one of: reps, hold, "),
        ({"dose": {"side": "top"}}, "<code>side</code>: Choose one of: none, each, "),
        ({"name": "x" * 121}, "<code>name</code>: This is too long: at most 120 characters."),
        ({"source": "x" * 201}, "<code>source</code>: This is too long: at most 200 characters."),
        ({"steps": ["One.", "x" * 401]}, "<code>steps, line 2</code>: This is too long: at most 400 characters."),
        ({"cues": ["So."] * 13}, "<code>cues</code>: These are too many: at most 12."),
    ],
)
def test_problem_of_a_row_says_what_is_allowed(
    adopted: Cast, sign_in: SignIn, changes: dict[str, Any], said: str
) -> None:
    row = exercise_json(PLANK)
    row |= changes | {"code": "", "dose": row["dose"] | changes.get("dose", {})}
    words = upload(sign_in(adopted.tess), csv(row)).content.decode()
    assert said in words
    assert ("without a name" in words) == (changes.get("name") == "")


def test_problem_of_a_protocol_says_what_is_allowed(adopted: Cast, sign_in: SignIn) -> None:
    shipped = protocol_json(SHIPPED.protocols[0]) | {"source": "x" * 2001}
    shipped["phases"][0]["exit_criteria"][0] |= {"kind": "hearsay"}
    words = upload(sign_in(adopted.tess), document.write(protocols=[shipped]), "a.json").content.decode()
    assert "Choose one of: self_report, logged, clinician." in words
    shipped["phases"][0]["exit_criteria"][0] |= {"kind": "clinician"}
    words = upload(sign_in(adopted.tess), document.write(protocols=[shipped]), "a.json").content.decode()
    assert "<code>source</code>: This is too long: at most 2000 characters." in words


def edit_plank(adopted: Cast, content: ExerciseContent, now: datetime) -> None:
    """A colleague's edit, between the look at a file and its import."""
    exercises.edit(exercise=Exercise.objects.get(code="plank"), content=content, revision=1, by=adopted.theo, now=now)


def test_library_that_changed_meanwhile_keeps_the_change(
    adopted: Cast, sign_in: SignIn, within: Within, now: datetime
) -> None:
    """The sheet says only names: what a colleague changed since it was looked at must not be written back."""
    browser = sign_in(adopted.tess)
    names = b"code,name\nplank,Our plank\n"
    page = upload(browser, names)
    theirs = replace(PLANK, cues=("Ours",))
    with within(adopted.riverside):
        edit_plank(adopted, theirs, now)
    again = browser.post(APPLY, {"shown": shown(page)})
    assert again.status_code == 409
    assert "Nothing was imported; choose the file again." in again.content.decode()
    assert 'name="shown"' not in again.content.decode()
    with within(adopted.riverside):
        assert exercise_contents()["plank"] == theirs
    browser.post(APPLY, {"shown": shown(upload(browser, names))})
    with within(adopted.riverside):
        assert exercise_contents()["plank"] == replace(theirs, name="Our plank")


def test_ladder_that_changed_meanwhile_is_told(adopted: Cast, sign_in: SignIn, within: Within, now: datetime) -> None:
    """Nobody touched the exercise of the file, yet it would now be easier than itself."""
    browser = sign_in(adopted.tess)
    page = upload(browser, csv(replace(SWIM, easier=("plank",))))
    turned = replace(PLANK, easier=("swim",))
    with within(adopted.riverside):
        edit_plank(adopted, turned, now)
    again = browser.post(APPLY, {"shown": shown(page)})
    assert again.status_code == 422
    for words in ("easier than itself", "choose the file again"):
        assert words in again.content.decode()


def test_answer_of_an_older_release_asks_for_the_file_again(adopted: Cast, sign_in: SignIn) -> None:
    """What was shown before an update may be no content after it."""
    lines = [["exercise", exercise_json(PLANK) | {"colour": "red"}, 1]]
    old = {"clinic": adopted.riverside.pk, "name": "ours.csv", "errors": 0, "lines": lines}
    page = sign_in(adopted.tess).post(APPLY, {"shown": signing.dumps(old, salt=SALT)})
    assert page.status_code == 422
    assert "This cannot be read any more. Choose the file again." in page.content.decode()


def test_second_click_imports_nothing_twice(adopted: Cast, sign_in: SignIn, within: Within) -> None:
    browser = sign_in(adopted.tess)
    page = upload(browser, csv(replace(PLANK, code="wall_plank", name="Wall plank")))
    assert browser.post(APPLY, {"shown": shown(page)}).status_code == 302
    assert browser.post(APPLY, {"shown": shown(page)}).status_code == 409
    with within(adopted.riverside):
        assert Exercise.objects.get(code="wall_plank").revision == 1


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"\x89PNG\0\0", "a.csv", "This is not a CSV, XLSX or JSON file."),
        (b"PK\x03\x04", "a.xlsx", "This workbook cannot be opened."),
        (b"colour\nred\n", "a.csv", "No row names the columns"),
        (b"", "a.csv", "The submitted file is empty."),
        (b"x" * (2 * 1024 * 1024 + 1), "a.csv", "This file is too large"),
    ],
)
def test_file_that_cannot_be_read_is_told_beside_the_field(
    adopted: Cast, sign_in: SignIn, data: bytes, name: str, words: str
) -> None:
    page = upload(sign_in(adopted.tess), data, name)
    assert page.status_code == 422
    assert words in page.content.decode()


def test_file_dropped_on_the_way_is_told_as_too_large(adopted: Cast, sign_in: SignIn, settings: Any) -> None:
    settings.UPLOAD_MAX_BYTES = 1_000_000
    page = upload(sign_in(adopted.olive), bytes(3_000_000))
    assert page.status_code == 422
    assert "This file is too large" in page.content.decode()


def test_no_file_is_told(adopted: Cast, sign_in: SignIn) -> None:
    assert sign_in(adopted.tess).post(PAGE).status_code == 422


def test_answer_that_we_did_not_sign_is_refused(adopted: Cast, sign_in: SignIn, within: Within) -> None:
    browser = sign_in(adopted.tess)
    mine = shown(upload(browser, csv(replace(PLANK, name="Our plank"))))
    theirs = shown(upload(sign_in(adopted.hugo), csv(replace(PLANK, name="Their plank"))))
    other = signing.dumps({"clinic": adopted.riverside.pk, "lines": []}, salt="other")
    for forged in ("", "x", mine[:-2] + "xx", theirs, other):
        page = browser.post(APPLY, {"shown": forged})
        assert page.status_code == 422
        assert "Choose the file again." in page.content.decode()
    assert signing.loads(mine, salt=SALT)["name"] == "ours.csv"
    with within(adopted.riverside):
        assert Exercise.objects.get(code="plank").name == PLANK.name


def test_json_is_told_by_entry_and_place(adopted: Cast, sign_in: SignIn) -> None:
    page = upload(sign_in(adopted.tess), document.write(exercises=[BROKEN | {"steps": ["One.", ""]}]), "a.json")
    words = page.content.decode()
    assert "Entry 1" in words
    assert "<code>steps, line 2</code>" in words


def test_part_that_nobody_knows_is_told_however_long_its_number(adopted: Cast, sign_in: SignIn) -> None:
    page = upload(sign_in(adopted.tess), document.write(exercises=[exercise_json(PLANK) | {"7" * 5000: 1}]), "a.json")
    assert page.status_code == 200
    assert "Nothing is known by this name." in page.content.decode()


def test_dry_run_takes_as_many_queries_for_thirty_rows_as_for_one(adopted: Cast, sign_in: SignIn) -> None:
    browser = sign_in(adopted.tess)

    def queries(count: int) -> int:
        data = csv(*(replace(one, name=f"{one.name} 2") for one in SHIPPED.exercises[:count]))
        upload(browser, data)
        with CaptureQueriesContext(connection) as captured:
            assert upload(browser, data).status_code == 200
        return len(captured)

    assert queries(1) == queries(30)
