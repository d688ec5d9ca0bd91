"""The tags that draw movements: nothing for what nobody drew, one control without script, words for each picture."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template import Context, Template

from exercises.figures.motion import loop
from exercises.figures.pose import codes, movement

STATIC = Path(settings.BASE_DIR, "portal/static/figures")


def drawn(source: str, **context: object) -> str:
    return Template("{% load figures %}" + source).render(Context(context))


@pytest.mark.parametrize("code", ["", None, "no_such_movement", "../squat"])
def test_what_nobody_drew_is_not_asked_for(code: object) -> None:
    assert drawn("{% figure code %}{% movement code %}", code=code) == ""


def test_a_tile_wears_its_body_and_says_its_label() -> None:
    html = drawn('{% figure "squat" label "figure" %}', label="Squat & <b>stand</b>")
    assert f'class="body-{movement("squat").body} figure"' in html
    assert 'role="img" aria-label="Squat &amp; &lt;b&gt;stand&lt;/b&gt;"' in html
    assert re.search(r'href="[^"]*figures/stills[^"]*\.svg#squat"', html)
    assert 'aria-hidden="true"' in drawn('{% figure "squat" %}')


def test_a_movement_is_a_loop_with_a_control_and_three_stills() -> None:
    html, what = drawn('{% movement "squat" %}'), movement("squat")
    assert len(re.findall(r"#f\d+\"", html)) == len(loop("squat").frames)
    assert 'type="checkbox" id="pause-squat"' in html
    assert '<label class="btn btn-quiet" for="pause-squat">' in html
    assert "Pause the movement" in html
    assert f'aria-label="{what.alt}"' in html
    assert all(f"<figcaption>{words}</figcaption>" in html for words in what.captions.values())
    assert "<script" not in html
    assert "style=" not in html
    assert "<figcaption>" not in drawn('{% movement "squat" stills=False %}')


@pytest.mark.parametrize("code", codes())
def test_every_symbol_asked_for_is_served(code: str) -> None:
    asked = re.findall(
        r'href="[^"#]*figures/([a-z_]+)[^"#]*\.svg#([a-z0-9]+)"', drawn("{% movement code %}", code=code)
    )
    served = (STATIC / f"{code}.svg").read_text(encoding="utf-8")
    assert {name for name, _ in asked} == {code}
    assert all(f'id="{symbol}"' in served for _, symbol in asked)
    assert f'<symbol id="{code}"' in (STATIC / "stills.svg").read_text(encoding="utf-8")
