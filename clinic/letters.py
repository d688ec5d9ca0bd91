"""What a mail says. It carries no health data (docs/CLINICAL.md section 8, e-mail rules): one link, and a reason to open it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import formataddr, parseaddr
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template import Context
from django.template.loader import get_template
from django.utils import translation


@dataclass(frozen=True, slots=True)
class Letter:
    """What a mail is made of."""

    id: UUID
    kind: str  # names the templates in templates/mail/
    to: str
    language: str
    clinic: str
    reply_to: str
    link: str
    unsubscribe_link: str = ""  # only a nudge has one
    context: Mapping[str, object] = field(default_factory=dict)


def compose(letter: Letter) -> EmailMultiAlternatives:
    """Write a letter in its reader's language. The same letter always has the same Message-ID."""
    context = {"link": letter.link, "unsubscribe_link": letter.unsubscribe_link, **letter.context}
    with translation.override(letter.language):
        subject = " ".join(_plain(f"mail/{letter.kind}.subject.txt", context).split())
        text = _plain(f"mail/{letter.kind}.txt", context)
        html = get_template(f"mail/{letter.kind}.html").render(context)
    headers = {
        "Message-ID": f"<{letter.id}@{urlsplit(settings.SITE_URL).hostname}>",
        "Auto-Submitted": "auto-generated",
    }
    if letter.unsubscribe_link:  # RFC 8058
        headers["List-Unsubscribe"] = f"<{letter.unsubscribe_link}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    sender = formataddr((letter.clinic, parseaddr(settings.DEFAULT_FROM_EMAIL)[1]))
    mail = EmailMultiAlternatives(subject, text, sender, [letter.to], reply_to=[letter.reply_to], headers=headers)
    mail.attach_alternative(html, "text/html")
    return mail


def _plain(name: str, context: dict[str, object]) -> str:
    template: Any = get_template(name)
    return str(template.template.render(Context(context, autoescape=False)))
