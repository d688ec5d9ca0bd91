import json
import logging
import sys
from collections.abc import Callable

from django.test import Client, RequestFactory

from clinic.models import Member
from portal.logs import JsonLine, RouteNotPath
from tests.cast import Cast

SECRET = "Ana Duarte, pain 8"


def line(record: logging.LogRecord) -> dict[str, object]:
    written = JsonLine().format(record)
    assert "\n" not in written
    read: dict[str, object] = json.loads(written)
    return read


def test_line_is_one_json_object() -> None:
    record = logging.makeLogRecord(
        {"name": "portal", "levelname": "INFO", "msg": "a\nb %s", "args": (1,), "counts": {"due": 2}}
    )
    read = line(record)
    assert (read["message"], read["counts"], read["level"]) == ("a\nb 1", {"due": 2}, "INFO")


def test_exception_is_told_without_its_message() -> None:
    try:
        int(SECRET)
    except ValueError:
        record = logging.makeLogRecord({"msg": "failed", "exc_info": sys.exc_info()})
    read = line(record)
    assert read["error"] == "ValueError"
    assert "test_logs.py" in str(read["frames"])
    assert SECRET not in JsonLine().format(record)


def test_request_line_names_the_route_not_the_path(cast: Cast, sign_in: Callable[[Member], Client]) -> None:
    seen: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            RouteNotPath().filter(record)
            seen.append(record.getMessage())

    handler, logger = Keep(), logging.getLogger("django.request")
    logger.addHandler(handler)
    try:
        sign_in(cast.tess).get("/athletes/00000000-0000-7000-8000-000000000000/")
        Client().get("/a-token-nobody-knows/")
        Client().get("/Zoë-was-here/")
    finally:
        logger.removeHandler(handler)
    assert seen == ["Not Found: athletes/<uuid:athlete>/", "Not Found: (no route)", "Not Found: (no route)"]


def test_other_lines_pass_unchanged() -> None:
    record = logging.makeLogRecord({"msg": "swept %s", "args": (3,), "request": RequestFactory})
    assert RouteNotPath().filter(record)
    assert record.getMessage() == "swept 3"
