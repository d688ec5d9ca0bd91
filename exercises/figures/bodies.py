"""The people in the pictures: build, clothes, hair. Colours are tokens (--fig-*), so that one drawing serves both themes."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Person:
    """One body. The colours are the light theme's and stand in where no stylesheet is at hand (an e-mail, a file)."""

    hair: str  # a shape of heads.HAIR
    legs: str  # shorts, leggings
    arms: str  # short, long, none
    build: float  # thickness of trunk and limbs, 1 = as shapes.py has it
    skin: tuple[str, str]  # near, far
    top: tuple[str, str]
    short: tuple[str, str]
    shoe: tuple[str, str]
    hair_colour: str


BODIES: Final = {
    "maya": Person("bun", "leggings", "short", 0.96, ("#d9a27c", "#bf8763"), ("#1f7a8c", "#17606e"), ("#33455e", "#253347"), ("#4a5560", "#363f48"), "#33231d"),
    "tom": Person("short", "shorts", "short", 1.04, ("#e8bb9b", "#cf9f7f"), ("#c4623f", "#a04d30"), ("#3b4a4a", "#2b3737"), ("#39424e", "#2b323b"), "#7a4a2a"),
    "ife": Person("afro", "shorts", "none", 0.98, ("#8a5a3e", "#6e452e"), ("#d9902f", "#b57420"), ("#35506b", "#273c51"), ("#4a5560", "#363f48"), "#241a1c"),
    "ravi": Person("bald", "shorts", "short", 1.06, ("#a8734e", "#8b5c3c"), ("#5a7d4f", "#46633d"), ("#2d3a4a", "#202a37"), ("#39424e", "#2b323b"), "#2a2020"),
    "ruth": Person("bob", "leggings", "long", 1.0, ("#efc9b0", "#d6ab90"), ("#7a5c8e", "#614672"), ("#46505c", "#343c46"), ("#4a5560", "#363f48"), "#a9a9ad"),
    "sana": Person("scarf", "leggings", "long", 1.0, ("#cf9a72", "#b4815b"), ("#2f6f9f", "#245880"), ("#3a3f55", "#2a2e40"), ("#4a5560", "#363f48"), "#b5556a"),
}  # fmt: skip

GAP: Final = "var(--fig-gap,#fff)"


def colours(person: Person) -> dict[str, str]:
    """Return the paint of each part: a token and, for where there are no tokens, the light colour."""
    pairs = {"skin": person.skin, "top": person.top, "short": person.short, "shoe": person.shoe}
    paint = {name: f"var(--fig-{name},{near})" for name, (near, _) in pairs.items()}
    paint |= {f"{name}-far": f"var(--fig-{name}-far,{far})" for name, (_, far) in pairs.items()}
    return paint | {"hair": f"var(--fig-hair,{person.hair_colour})"}
