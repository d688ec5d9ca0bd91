"""The only place that reads the clock. Edges call it once and pass `now` on; the demo may move it forward."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings


def now() -> datetime:
    """Return this instant in UTC; in the demo, plus how far a visitor has moved the clock."""
    return datetime.now(UTC) + ahead()


def ahead() -> timedelta:
    """Return how far the demo's clock is ahead of the wall's; zero outside the demo."""
    return _read(_file()) if settings.DEMO else timedelta()


def move_to(instant: datetime) -> None:
    """Move the demo's clock forward. It never goes back: what was written would then lie in the future."""
    if not settings.DEMO:
        raise RuntimeError("Only the demo's clock can be moved.")
    if instant <= now():
        return
    moved = instant - datetime.now(UTC)
    path = _file()
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")  # web and worker read this file: they must never see half of it
    fresh.write_text(str(moved.total_seconds()))
    fresh.replace(path)


def _file() -> Path:
    return Path(settings.VAR_DIR) / "clock"


def _read(path: Path) -> timedelta:
    try:
        return timedelta(seconds=float(path.read_text()))
    except FileNotFoundError:
        return timedelta()
