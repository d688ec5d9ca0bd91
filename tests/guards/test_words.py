"""Every code that the domain raises has words for the person who reads it."""

import ast
from collections.abc import Iterator
from pathlib import Path

from clinic.problems import WORDS

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("clinic", "exercises", "athletes", "portal")
POSITION = {
    "DomainError": 0,
    "ConflictError": 0,
    "RefusedError": 0,
    "CellError": 0,
    "MediaError": 0,
    "DoseError": 1,
    "ScheduleError": 1,
}


def texts(node: ast.expr) -> Iterator[str]:
    """Yield the codes that an argument can be; one that is neither a text nor a choice of texts is an error."""
    if isinstance(node, ast.IfExp):
        yield from (*texts(node.body), *texts(node.orelse))
    else:
        assert isinstance(node, ast.Constant), ast.unparse(node)
        yield str(node.value)


def yielded() -> Iterator[str]:
    """Yield the codes of what is wrong with content: a rule yields each as a pair of its path and its code."""
    for path in (ROOT / "exercises/rules/content.py", ROOT / "exercises/rules/criteria.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Yield) and isinstance(node.value, ast.Tuple):
                code = node.value.elts[-1]
                yield from texts(code) if isinstance(code, ast.Constant | ast.IfExp) else ()


def raised() -> dict[str, str]:
    """Return each code with a place where it is raised."""
    found: dict[str, str] = {}
    for path in sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in POSITION:
                for code in texts(node.args[POSITION[node.func.id]]):
                    found[code] = f"{path.relative_to(ROOT)}:{node.lineno}"
    return found


def test_every_code_has_words() -> None:
    codes = raised()
    assert {"stale_draft", "not_on_care_team", "side_missing", "no_sides", "two_measures", "days_do_not_fit"} <= set(
        codes
    )
    assert {code: place for code, place in codes.items() if code not in WORDS} == {}
    assert {"missing", "threshold_missing"} <= set(yielded()) <= set(WORDS)


def test_every_error_of_the_domain_is_looked_for() -> None:
    """A new subclass with a code of its own would slip past the walk above; ContentError carries what rules yield."""
    kinds = {
        node.name
        for room in ROOMS
        for path in (ROOT / room).rglob("errors.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ClassDef) and not node.name.startswith(("Catalogue", "Content"))
    }
    assert kinds == set(POSITION)
