"""The only way out to SMTP.

Between the final dot and the server's reply nobody can know whether a mail was taken (RFC 1047). So this module speaks
the verbs itself and says on which side of that window a delivery broke.
"""

import re
import smtplib
import socket
from collections.abc import Callable
from contextlib import suppress
from email.errors import HeaderParseError
from email.utils import parseaddr
from enum import StrEnum
from threading import Timer
from types import TracebackType
from typing import Any, NamedTuple, Self

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.smtp import EmailBackend
from django.core.mail.message import sanitize_address

REPLY_WITHIN = 15  # seconds for a whole reply, where EMAIL_TIMEOUT says nothing
OK, GO_ON, LATER, CLOSING, REFUSED = 250, 354, 400, 421, 500
LOST = (smtplib.SMTPException, OSError)


class Outcome(StrEnum):
    """What became of one attempt."""

    SENT = "sent"
    WITHHELD = "withheld"  # the reason to write went away before DATA
    AGAIN = "again"  # not taken, and the server says to come back
    BROKEN = "broken"  # the line went dead before DATA: certainly not taken
    FAILED = "failed"  # refused for good
    UNKNOWN = "unknown"  # lost in the DATA window
    UNREACHABLE = "unreachable"  # no connection at all: nothing to do with this message


class Result(NamedTuple):
    """An outcome, and in a code why."""

    outcome: Outcome
    reason: str = ""


class _Timed:
    """Bounds the wait for a whole reply: smtplib times each read, and a server may drip a byte at a time."""

    def getreply(self) -> tuple[int, bytes]:
        timer = Timer(self.timeout, self._cut)  # type: ignore[attr-defined]
        timer.daemon = True
        timer.start()
        try:
            reply: tuple[int, bytes] = super().getreply()  # type: ignore[misc]
            return reply
        finally:
            timer.cancel()

    def _cut(self) -> None:
        sock = self.sock  # type: ignore[attr-defined]
        if sock is not None:
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)


class _TimedSMTP(_Timed, smtplib.SMTP):
    pass


class _TimedSSL(_Timed, smtplib.SMTP_SSL):
    pass


class _Backend(EmailBackend):
    """Django's, for opening alone: host, TLS and credentials are its settings."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return _TimedSSL if self.use_ssl else _TimedSMTP


class _UnreachableError(Exception):
    pass


class Post:
    """A connection to the mail server, opened when first needed and kept for a batch."""

    def __init__(self) -> None:
        self._backend = _Backend(timeout=settings.EMAIL_TIMEOUT or REPLY_WITHIN)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        with suppress(*LOST):
            self._backend.close()

    def send(self, mail: EmailMultiAlternatives, *, hand_over: Callable[[], bool]) -> Result:
        """Send one mail to its one recipient.

        `hand_over` runs after the server took the recipient and before DATA; it commits that the window opens, or
        returns False to withhold the mail.
        """
        try:
            message: Any = mail.message()
            body = re.sub(rb"(?m)^\.", b"..", message.as_bytes(linesep="\r\n"))
            sender, recipient = _bare(mail.from_email), _bare(mail.to[0])
        except (ValueError, HeaderParseError) as error:  # an address or a header that cannot be written
            return Result(Outcome.FAILED, type(error).__name__)
        try:
            refusal = self._address(sender, recipient)
            if refusal is None and not hand_over():
                refusal = Result(Outcome.WITHHELD)
            if refusal is None:
                return self._data(body)
            self._reset()
        except _UnreachableError as error:
            return Result(Outcome.UNREACHABLE, type(error.__cause__).__name__)
        except LOST as error:
            self._drop()
            return Result(Outcome.BROKEN, type(error).__name__)
        except BaseException:
            self._drop()
            raise
        return refusal

    def _address(self, sender: str, recipient: str) -> Result | None:
        """Name sender and recipient to the server; return how it refused, or None."""
        code = self._mail_from(sender)
        if code != OK:  # about us, not about the recipient
            return Result(Outcome.AGAIN, f"mail_{code}")
        code, _ = self._smtp.rcpt(recipient)
        if code in (OK, OK + 1):
            return None
        return Result(Outcome.FAILED if code >= REFUSED else Outcome.AGAIN, f"rcpt_{code}")

    def _mail_from(self, sender: str) -> int:
        """Begin a mail. A kept connection that the server closed meanwhile is opened again, once."""
        kept = self._backend.connection is not None
        self._open()
        try:
            code: int = self._smtp.mail(sender)[0]
            if not kept or code != CLOSING:
                return code
        except LOST:
            if not kept:
                raise
        self._drop()
        self._open()
        return int(self._smtp.mail(sender)[0])

    def _data(self, body: bytes) -> Result:
        code, _ = self._smtp.docmd("DATA")
        if code != GO_ON:
            self._reset()
            return _meaning(code, Outcome.AGAIN)
        try:
            self._smtp.send(body + (b"" if body.endswith(b"\r\n") else b"\r\n") + b".\r\n")
            code, _ = self._smtp.getreply()
        except LOST:
            self._drop()
            return Result(Outcome.UNKNOWN, "lost_in_data")
        return _meaning(code, Outcome.UNKNOWN)

    @property
    def _smtp(self) -> Any:
        return self._backend.connection

    def _open(self) -> None:
        try:
            self._backend.open()
            self._smtp.ehlo_or_helo_if_needed()
        except LOST as error:
            self._drop()
            raise _UnreachableError from error

    def _reset(self) -> None:
        try:
            if self._smtp.rset()[0] != OK:
                self._drop()
        except LOST:
            self._drop()

    def _drop(self) -> None:
        """Hang up without a word: the other side may no longer answer."""
        backend: Any = self._backend
        for smtp in (backend.connection, backend._partial_connection):
            if smtp is not None:
                smtp.close()
        backend.connection = backend._partial_connection = None


def _bare(address: str) -> str:
    """Return the address alone, its domain in ASCII."""
    return str(sanitize_address(parseaddr(address)[1], settings.DEFAULT_CHARSET))


def _meaning(code: int, otherwise: Outcome) -> Result:
    """Return what a reply to DATA or to its final dot means."""
    if code == OK:
        return Result(Outcome.SENT)
    if code >= REFUSED:
        return Result(Outcome.FAILED, f"data_{code}")
    return Result(Outcome.AGAIN if code >= LATER else otherwise, f"data_{code}")
