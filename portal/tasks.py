"""What beat rings for. Each task asks the database what is due: losing one loses seconds, two at once do no harm."""

import logging

from portal import clock
from portal.celery import app

log = logging.getLogger(__name__)


@app.task
def sweep() -> None:
    """Find what time has made due, in every clinic that has some."""
    from athletes.sweeps import sweep as run_sweep  # at run time: a worker starts before the rooms are read

    log.info("swept", extra={"counts": run_sweep(now=clock.now())})


@app.task
def deliver() -> None:
    """Send the messages that are due."""
    from clinic.delivery import deliver as run_delivery

    log.info("delivered", extra={"counts": run_delivery(now=clock.now())})


@app.task
def tidy() -> None:
    """Delete what is left of files that nobody may see any more."""
    from exercises.sweeps import sweep as run_sweep

    log.info("tidied", extra={"counts": {"files": run_sweep()}})


@app.task
def beat() -> None:
    """Note that a tick went all the way from beat through the broker to a worker."""
    from clinic.actions import heartbeats

    heartbeats.beat("beat", now=clock.now(), counts={})
