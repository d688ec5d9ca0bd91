"""A real mail server, outside the system under test, that keeps what it accepted and misbehaves when told to."""

import asyncio
import email
import socket
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

HANG_UP = "hang up"
SILENCE = "silence"


class Sink:
    """Keeps accepted mail. `on` maps a recipient's address to (verb, answer): a reply, HANG_UP or SILENCE."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.on: dict[str, tuple[str, str]] = {}
        self.connections = 0
        self.mails_a_connection = 1000
        self._taken: dict[int, int] = {}
        self._controller = Controller(self, hostname="127.0.0.1", port=free_port())

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._controller.port)

    @property
    def recipients(self) -> list[str]:
        """To whom mail was accepted, in order."""
        return [str(mail["To"]) for mail in self.mails]

    def start(self) -> None:
        """Begin to listen."""
        self._controller.start()

    def stop(self) -> None:
        """Listen no more."""
        self._controller.stop()

    async def handle_EHLO(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        """Count a new connection."""
        del server, envelope
        session.host_name = hostname
        self.connections += 1
        return responses

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take a sender, unless this connection has had its share."""
        del server, options
        taken = self._taken.get(id(session), 0)
        if taken >= self.mails_a_connection:
            return "421 4.7.0 too many messages"
        self._taken[id(session)] = taken + 1
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take a recipient, or do as told."""
        del session, options
        if answer := await self._told("RCPT", address, server):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Take a mail, or do as told. After the final dot."""
        del session
        if answer := await self._told("DATA", envelope.rcpt_tos[0], server):
            return answer
        self.mails.append(email.message_from_bytes(envelope.content, policy=default))  # type: ignore[arg-type]
        return "250 OK"

    async def _told(self, verb: str, address: str, server: Any) -> str:
        told, answer = self.on.get(address, ("", ""))
        if told != verb:
            return ""
        if answer == HANG_UP:
            server.transport.abort()
            return "250 never arrives"
        if answer == SILENCE:
            await asyncio.sleep(5)
        return answer


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
