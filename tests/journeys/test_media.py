"""A therapist puts a photo and a film on an exercise with the keyboard alone; a runner sees both on the phone."""

from pathlib import Path

from playwright.sync_api import expect

from tests.exercises.uploads import corpus
from tests.journeys.conftest import PHONE, Arrive, tab_to
from tests.journeys.test_pages import SHOTS


def test_photo_and_film_are_added_seen_and_taken_down(arrive: Arrive, tmp_path: Path) -> None:
    photo, film, drawing = tmp_path / "bridge.jpg", tmp_path / "bridge.mp4", tmp_path / "bridge.svg"
    photo.write_bytes(corpus.jpeg_with_place())
    film.write_bytes(corpus.video("mp4", size=(320, 240), seconds=3))
    drawing.write_bytes(b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>')
    tess = arrive().sign_in("tess")
    page = tess.go("/library/?q=glute+bridge")
    tab_to(page, "Glute bridge")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Glute bridge")
    exercise = page.url
    tab_to(page, "More for Glute bridge")
    page.keyboard.press("Enter")
    tab_to(page, "Photos and videos")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Photos and videos")

    def add(path: Path, words: str) -> None:
        tab_to(page, "Photo or video")
        page.get_by_label("Photo or video").set_input_files(path)  # the chooser is the browser's own
        tab_to(page, "What it shows")
        page.keyboard.type(words)
        tab_to(page, "Add")
        page.keyboard.press("Enter")

    for path, words in ((photo, "From the side, heels close"), (film, "Up in two seconds, down in four")):
        add(path, words)
        expect(page.locator("figcaption", has_text=words)).to_be_visible()
    add(drawing, "A drawing")
    expect(page.get_by_text("Choose a photo (JPEG, PNG, WebP) or a video (MP4, WebM).")).to_be_visible()
    expect(page.get_by_label("What it shows")).to_have_value("A drawing")

    assert [line for line in tess.wrong() if "422" not in line] == []
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / "media-1440-light.png", full_page=True)

    ana = arrive(PHONE).sign_in("ana")
    phone = ana.go(exercise.removeprefix(tess.portal.url))
    shown = phone.get_by_role("img", name="From the side, heels close")
    expect(shown).to_be_visible()
    assert shown.evaluate("image => image.decode().then(() => image.naturalHeight)") == 320
    moving = phone.locator("video")
    moving.evaluate("video => new Promise(done => { video.readyState ? done() : video.onloadedmetadata = done })")
    assert moving.evaluate("video => Math.round(video.duration)") == 3
    assert ana.wrong() == []
    phone.screenshot(path=SHOTS / "exercise-media-390-light.png", full_page=True)

    tab_to(page, "Take down: From the side, heels close")
    page.keyboard.press("Enter")
    expect(page.locator("figcaption", has_text="From the side")).to_have_count(0)
