"""Named points at which a process under test kills itself, as the kernel would: at once, and without a last word.

A test arms one point, for one clinic, in the file `fail-at`. It fires once.
"""

import json
import os
import signal
import threading
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper
from django.http import HttpRequest, HttpResponse

FILE = "fail-at"
WHO = Callable[..., tuple[int, str]]  # the clinic, and the message's kind if the point is about one

_writing = threading.local()  # the clinic whose log or nudge this thread has written and not yet committed


def arm(folder: Path, point: str, *, clinic_id: int, kind: str = "", whole_group: bool = False) -> None:
    """Let the next process that gets to a point die there; `whole_group` takes its parent and siblings along."""
    fresh = folder / f"{FILE}.new"
    fresh.write_text(json.dumps([point, clinic_id, kind, whole_group]))
    fresh.replace(folder / FILE)


def disarm(folder: Path) -> bool:
    """Take the point away; return whether it was still there, that is, had not fired."""
    try:
        (folder / FILE).unlink()
    except FileNotFoundError:
        return False
    return True


def hit(point: str, clinic_id: int, kind: str = "") -> None:
    """Die here if told to."""
    path = Path(settings.VAR_DIR) / FILE
    try:
        at, clinic, only, whole_group = json.loads(path.read_text())
        if (at, clinic) != (point, clinic_id) or only not in ("", kind):
            return
        path.unlink()
    except FileNotFoundError:
        return
    if whole_group:
        os.killpg(os.getpgrp(), signal.SIGKILL)
    os.kill(os.getpid(), signal.SIGKILL)


def install() -> None:
    """Wrap the steps that a log, a sweep and a delivery are made of."""
    from athletes import sweeps  # rooms are read when apps are ready
    from athletes.actions import alerts, ledger, sessions
    from clinic import delivery
    from clinic.scope import current_clinic_id

    def here(*_: Any, **__: Any) -> tuple[int, str]:
        return current_clinic_id(), ""

    def message(row: Any, *_: Any, **__: Any) -> tuple[int, str]:
        return row.clinic_id, row.kind

    _wrap(sessions, "_write_log", "log", here, writes=True)
    _wrap(sessions, "_write_entries", "entries", here)
    _wrap(alerts, "_open", "alert", here)
    _wrap(alerts, "ring", "doorbell", here)
    _wrap(ledger, "close", "close", here)
    _wrap(sweeps, "_nudge", "nudge", here, writes=True)
    _wrap(delivery, "_claim", "claim", lambda clinic_id, *_: (clinic_id, ""))
    _wrap(delivery, "_hand_over", "hand over", message)
    _wrap(delivery, "_settle", "settle", message)
    _wrap_commit()


def _wrap(module: Any, name: str, point: str, who: WHO, *, writes: bool = False) -> None:
    inner = getattr(module, name)

    @wraps(inner)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        hit(f"before {point}", *who(*args, **kwargs))
        result = inner(*args, **kwargs)
        hit(f"after {point}", *who(*args, **kwargs))
        if writes:
            _writing.clinic_id = who(*args, **kwargs)[0]
        return result

    setattr(module, name, wrapped)


def _wrap_commit() -> None:
    commit = BaseDatabaseWrapper.commit

    def wrapped(self: BaseDatabaseWrapper) -> None:
        clinic_id = getattr(_writing, "clinic_id", None)
        if clinic_id is None:
            return commit(self)
        _writing.clinic_id = None
        hit("before commit", clinic_id)
        commit(self)
        return hit("after commit", clinic_id)

    BaseDatabaseWrapper.commit = wrapped  # type: ignore[method-assign]


def fail_after_response(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Outermost middleware: the answer is made, and never leaves."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.method == "POST" and (member := getattr(request, "member", None)):
            hit("before response", member.clinic_id)
        return response

    return middleware
