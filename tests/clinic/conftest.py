"""A mail server and a way to put messages into the outbox."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from clinic.models import Member, Message
from clinic.scope import in_clinic
from tests.cast import Cast
from tests.clinic.sink import Sink

Write = Callable[..., Message]


@pytest.fixture
def sink(settings: Any) -> Iterator[Sink]:
    """A real SMTP server that the settings point at."""
    server = Sink()
    server.start()
    settings.SITE_URL = "https://portal.example"
    settings.DEFAULT_FROM_EMAIL = "Backstride <portal@portal.example>"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_TIMEOUT = 1
    yield server
    server.stop()


@pytest.fixture
def write(cast: Cast, now: datetime) -> Write:
    """Put a message into the emptied outbox: `write(cast.tess, kind="alert")`."""
    for clinic in (cast.riverside, cast.hilltop):
        with in_clinic(clinic.pk):
            Message.objects.all().delete()  # the cast was invited

    def written(to: Member, kind: str = "nudge", **fields: Any) -> Message:
        promise = Message.Delivery.AT_MOST_ONCE if kind == "nudge" else Message.Delivery.AT_LEAST_ONCE
        with in_clinic(to.clinic_id):
            count = Message.objects.count()
            known = {"key": f"{kind}:{count}", "path": "/me/", "delivery": promise, "due_at": now}
            return Message.objects.create(
                kind=kind, recipient=to, **{**known, "created_at": now - timedelta(hours=1), **fields}
            )

    return written


@pytest.fixture
def again() -> Callable[[Message], Message]:
    """Read a message's row anew."""

    def read(message: Message) -> Message:
        with in_clinic(message.clinic_id):
            return Message.objects.select_related("recipient").get(pk=message.pk)

    return read
