"""`python -m exercises.figures`: build the served files, check them, or preview poses while drawing them."""

import argparse
import gzip
import sys
from pathlib import Path

from exercises.figures import sheet
from exercises.figures.assets import files, moving
from exercises.figures.checks import findings
from exercises.figures.pose import PoseError, codes, movement
from exercises.figures.preview import preview, said

FOLDER = Path(__file__).parents[2] / "portal/static/figures"


def main() -> int:
    """Run one command."""
    parser = argparse.ArgumentParser(prog="python -m exercises.figures")
    commands = parser.add_subparsers(dest="command", required=True)
    build = commands.add_parser("build", help="write the served files")
    build.add_argument("--check", action="store_true", help="only say whether they are up to date")
    look = commands.add_parser("preview", help="render start, mid and finish on one PNG")
    look.add_argument("codes", nargs="+")
    look.add_argument("--out", type=Path, default=Path("preview.png"))
    look.add_argument("--dark", action="store_true")
    look.add_argument("--strip", action="store_true", help="every frame of the loop")
    lint = commands.add_parser("lint", help="say what is wrong with poses")
    lint.add_argument("codes", nargs="*")
    given = parser.parse_args()
    if given.command == "build":
        return (1 if stale() else 0) if given.check else write()
    chosen = given.codes or list(codes())
    wrong = sum(tell(code) for code in chosen)
    if given.command == "preview":
        preview(chosen, given.out, dark=given.dark, strip=given.strip)
        return 0
    return 1 if wrong else 0


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def tell(code: str) -> int:
    """Print what is wrong with a pose; return how many things are."""
    try:
        found = findings(movement(code))
        size = len(gzip.compress(moving(movement(code)).encode(), mtime=0))
        say(f"{said(code)}, {size} bytes gzipped")
    except (PoseError, KeyError) as wrong:
        found = [str(wrong)]
    for line in found:
        say(f"  {code}: {line}")
    return len(found)


def stale() -> list[str]:
    """Say and return the names of files that are not what the poses say; also files of nobody."""
    wanted, there = files(), {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.*")}
    wrong = sorted(name for name in wanted.keys() | there.keys() if wanted.get(name) != there.get(name))
    wrong += [] if sheet.fresh(wanted["stills.svg"]) else [sheet.PATH.name]
    if wrong:
        say(f"Out of date: {', '.join(wrong)}. Run `make figures`.")
    return wrong


def write() -> int:
    """Write the served files that changed, remove what nobody draws any more, and draw the contact sheet anew."""
    FOLDER.mkdir(exist_ok=True)
    wanted = files()
    for path in FOLDER.glob("*.*"):
        if path.name not in wanted:
            path.unlink()
    for name, text in wanted.items():
        path = FOLDER / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
    if not sheet.fresh(wanted["stills.svg"]):
        sheet.draw(wanted["stills.svg"])
    small = gzip.compress(wanted["stills.svg"].encode(), mtime=0)
    say(
        f"{len(wanted)} files; stills.svg {len(wanted['stills.svg']) / 1000:.0f} kB, {len(small) / 1000:.0f} kB gzipped"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
