"""The mail that the demo's post office kept instead of sending."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

SHOWN = 100  # newest first
HEADERS = ("From", "To", "Reply-To", "Date", "Message-ID", "List-Unsubscribe", "List-Unsubscribe-Post")


@dataclass(frozen=True)
class Mail:
    """One kept mail."""

    stamp: int  # nanoseconds since 1970, the name of its file
    message: EmailMessage

    @property
    def kept_at(self) -> datetime:
        return datetime.fromtimestamp(self.stamp / 1e9, UTC)

    @property
    def subject(self) -> str:
        return str(self.message["Subject"] or "")

    @property
    def to(self) -> str:
        return str(self.message["To"] or "")

    @property
    def headers(self) -> list[tuple[str, str]]:
        return [(name, str(self.message[name])) for name in HEADERS if self.message[name]]

    @property
    def text(self) -> str:
        part = self.message.get_body(("plain",))
        return str(part.get_content()) if part else ""


def read(path: Path) -> Mail:
    """Return a kept mail."""
    with path.open("rb") as file:
        return Mail(int(path.stem), BytesParser(EmailMessage, policy=policy.default).parse(file))


def _folder() -> Path:
    return Path(settings.VAR_DIR) / "mail"


@login_not_required
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """List the newest mails."""
    kept = [path for path in _folder().glob("*.eml") if path.stem.isdigit()]
    newest = sorted(kept, key=lambda path: int(path.stem), reverse=True)[:SHOWN]
    return render(request, "demo/mailbox.html", {"mails": [read(path) for path in newest], "total": len(kept)})


@login_not_required
@require_safe
def letter(request: HttpRequest, stamp: int) -> HttpResponse:
    """Show one mail as text: headers and the plain part. Its HTML is the same words."""
    path = _folder() / f"{stamp}.eml"
    if not path.exists():
        raise Http404
    return render(request, "demo/letter.html", {"mail": read(path)})
