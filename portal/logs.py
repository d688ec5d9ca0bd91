"""What a log line may hold: what happened and where in the code, never about whom."""

import json
import logging
import traceback
from datetime import UTC, datetime
from typing import Any

STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {
    "message",
    "asctime",
    "request",
    "taskName",
}


class RouteNotPath(logging.Filter):
    """Name the route instead of the path in Django's request lines: a path may hold a token or a runner's id."""

    def filter(self, record: logging.LogRecord) -> bool:
        if (request := getattr(record, "request", None)) is not None and hasattr(request, "get_host"):
            match = getattr(request, "resolver_match", None)
            record.msg, record.args = (
                "%s %s",
                (record.msg.split(":")[0], match.route if match else "(no route)"),
            )
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
