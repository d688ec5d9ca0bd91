"""The mail server outside the system: it logs what it accepted, and can keep a client waiting."""

import asyncio
from threading import Event

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.clinic.sink import Sink


class PostOffice(Sink):
    """Keeps accepted mail. `hold` makes it wait before it answers about one recipient."""

    def __init__(self) -> None:
        super().__init__()
        self._held: tuple[str, str, bool] | None = None
        self.reached = Event()  # somebody waits for the answer
        self.gone = Event()  # and has been lost while waiting

    def reopen(self) -> None:
        """Begin to listen again, on the same port, after `stop`."""
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self.start()

    def hold(self, verb: str, address: str, *, takes: bool = False) -> None:
        """Do not answer RCPT or DATA about an address. `takes`: DATA's mail is accepted all the same."""
        self.reached.clear()
        self.gone.clear()
        self._held = (verb, address, takes)

    def release(self) -> None:
        """Answer, now and from now on."""
        self._held = None

    def copies_of(self, message: object) -> int:
        """Return how many mails with a message's id were accepted."""
        return sum(str(mail["Message-ID"]).startswith(f"<{message}@") for mail in list(self.mails))

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take a recipient, in time or after a hold."""
        await self._wait("RCPT", address)
        return await super().handle_RCPT(server, session, envelope, address, options)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Take a mail, in time or after a hold. The final dot has come."""
        address = envelope.rcpt_tos[0]
        held = self._held
        if held is not None and held[:2] == ("DATA", address) and held[2]:
            answer = await super().handle_DATA(server, session, envelope)
            await self._wait("DATA", address)
            return answer
        await self._wait("DATA", address)
        return await super().handle_DATA(server, session, envelope)

    async def _wait(self, verb: str, address: str) -> None:
        try:
            while self._held is not None and self._held[:2] == (verb, address):
                self.reached.set()
                await asyncio.sleep(0.01)
        except asyncio.CancelledError:
            self.gone.set()
            raise
