"""`python -m exercises.figures`: build the served files, check them, or preview poses while drawing them."""

import argparse
import gzip
import sys
from pathlib import Path

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
        return 1 if stale() else 0 if given.check else write()
    chosen = given.codes or list(codes())
    wrong = sum(tell(code) for code in chosen)
    if given.command == "preview":
        preview(chosen, given.out, dark=given.dark, strip=given.strip)
        return 0
    return 1 if wrong else 0


def tell(code: str) -> int:
    """Print what is wrong with a pose; return how many things are."""
    try:
        found = findings(movement(code))
        size = len(gzip.compress(moving(movement(code)).encode(), mtime=0))
        print(f"{said(code)}, {size} bytes gzipped")
    except (PoseError, KeyError) as wrong:
        found = [str(wrong)]
    for line in found:
        print(f"  {code}: {line}")
    return len(found)


def stale() -> list[str]:
    return []


def write() -> int:
    return 0


if __name__ == "__main__":
    sys.exit(main())
