"""The served files: a sprite of telling stills, a file a movement with its stills and its loop, and the loops' time table."""

from exercises.figures.draw import Sheet, picture
from exercises.figures.geometry import short
from exercises.figures.model import Movement
from exercises.figures.motion import film, still
from exercises.figures.pose import STILLS, codes, movement
from exercises.figures.scene import pointing, staged, told

SVG = '<svg xmlns="http://www.w3.org/2000/svg">'


def telling_symbol(what: Movement, sheet: Sheet, name: str) -> str:
    """Draw the still that says most as a symbol, for tiles."""
    set_ = told(what)
    drawn = picture(what, still(what, what.telling), sheet, f"{name}-")
    signs = "".join(svg for svg, _ in pointing(what, what.telling))
    return f'<symbol id="{what.code}" viewBox="{set_.window}">{flipped(what, set_.box, set_.behind + drawn + set_.front + signs)}</symbol>'


def mirrored(what: Movement, box: tuple[float, float, float, float]) -> str:
    """Return the transform that turns a drawing the other way round within its own window; nothing when it stays."""
    return f"matrix(-1 0 0 1 {short(box[0] + box[2])} 0)" if what.mirror else ""


def flipped(what: Movement, box: tuple[float, float, float, float], svg: str) -> str:
    """Mirror a drawing within its own window."""
    return f'<g transform="{mirrored(what, box)}">{svg}</g>' if what.mirror else svg


def sprite() -> str:
    """Return stills.svg: one symbol a movement; bodies share their parts."""
    sheet = Sheet()
    symbols = "\n".join(telling_symbol(movement(code), sheet, f"{n}") for n, code in enumerate(codes()))
    return f"{SVG}{sheet.defs()}\n{symbols}</svg>\n"


def moving(what: Movement) -> str:
    """Return <code>.svg: the scene, the frames f0..fN, and the stills start, mid, finish."""
    set_, sheet, strip = staged(what), Sheet(), film(what)
    scenery = f'<g id="behind">{set_.behind}</g><g id="front">{set_.front}</g>'
    frames = [f'<g id="f{n}">{picture(what, frame, sheet, f"f{n}")}</g>' for n, frame in enumerate(strip.frames)]
    stills = []
    for name in STILLS:
        frame = still(what, name)
        known = next((n for n, shown in enumerate(strip.frames) if shown is frame), None)
        drawn = f'<use href="#f{known}"/>' if known is not None else picture(what, frame, sheet, f"s{name[0]}")
        signs = "".join(svg for svg, _ in pointing(what, name))
        inner = f'<use href="#behind"/>{drawn}<use href="#front"/>{signs}'
        stills.append(f'<symbol id="{name}" viewBox="{set_.window}">{flipped(what, set_.box, inner)}</symbol>')
    return f"{SVG}{sheet.defs()}\n{scenery}\n" + "\n".join([*frames, *stills]) + "</svg>\n"


def timetable() -> str:
    """Return loops.css: when the strip of each movement shows which frame."""
    rows = []
    for code in codes():
        what, strip = movement(code), film(movement(code))
        width, total, stops = staged(what).width, strip.seconds, strip.stops
        marks = []
        for (at, n), (_, after) in zip(stops, [*stops[1:], stops[-1]], strict=True):
            steps = f";animation-timing-function:steps({abs(after - n) + 1},jump-none)" if after != n else ""
            marks.append(f"{short(at / total * 100)}%{{transform:translateX({short(-n * width)}px){steps}}}")
        rows.append(
            f".loop-{code} .strip{{animation:{code} {short(total)}s linear infinite}}@keyframes {code}{{{''.join(marks)}}}"
        )
    head = "/* Written by `make figures`: when a movement's strip shows which frame. Pause and reduced motion: components.css. */\n"
    return head + "\n".join(rows) + "\n"


def files() -> dict[str, str]:
    """Return every served file by its name."""
    return {"stills.svg": sprite(), "loops.css": timetable()} | {
        f"{code}.svg": moving(movement(code)) for code in codes()
    }
