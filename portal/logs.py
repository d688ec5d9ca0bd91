"""What a log line may hold: what happened and where in the code, never about whom."""

import json
import logging
import traceback
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest

STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {
    "message",
    "asctime",
    "request",
    "taskName",
}


class RouteNotPath(logging.Filter):
    """Name the route instead of the path in Django's request lines: a path may hold a token or a runner's id."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        if isinstance(request, HttpRequest) and isinstance(record.args, tuple):
            match = request.resolver_match
            route = match.route if match else "(no route)"
            paths = {
                request.path,
                request.path.encode("unicode_escape").decode("ascii"),
            }  # Django escapes its arguments
            record.args = tuple(route if arg in paths else arg for arg in record.args)
        return True


class JsonLine(logging.Formatter):
    """One JSON object per line; of an exception its type and frames, not its message, which may quote a row."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line: dict[str, Any] = {
            "at": at,
            "level": record.levelname,
            "logger": record.name,
        }
        line["message"] = record.getMessage()
        line |= {key: value for key, value in vars(record).items() if key not in STANDARD}
        if record.exc_info and record.exc_info[0]:
            kind, _error, trace = record.exc_info
            line["error"] = kind.__name__
            line["frames"] = [f"{f.filename}:{f.lineno} {f.name}" for f in traceback.extract_tb(trace)]
        return json.dumps(line, default=str)
