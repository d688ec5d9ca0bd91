"""Fills in the log form as a phone would: what the page has chosen, and the pain that it has not."""

import http
import http.client
from html.parser import HTMLParser

from bench.meter import Request

SKIP = ("client_id", "csrfmiddlewaretoken")
FALLBACK = {"pain_during": "2", "pain_after": "1", "effort": "3", "note": "Felt fine."}


class _Fields(HTMLParser):
    """Collects what a browser would send."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[tuple[str, str]] = []
        self.names: set[str] = set()
        self.select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {key: value or "" for key, value in attrs}
        name = given.get("name", "")
        if tag == "select":
            self.select = name
        if tag == "option" and "selected" in given:
            self.sent.append((self.select, given.get("value", "")))
        if tag in ("input", "textarea") and name:
            self.names.add(name)
            chosen = given.get("type") not in ("radio", "checkbox") or "checked" in given
            if tag == "input" and chosen:
                self.sent.append((name, given.get("value", "on")))


def filled(port: int, page: Request) -> list[tuple[str, str]]:
    """Return the form's fields with values, without its id and token."""
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    link.request("GET", page.path, headers=dict(page.headers))
    response = link.getresponse()
    text = response.read().decode()
    if response.status != http.HTTPStatus.OK:
        raise SystemExit(f"{page.path} answered {response.status}")
    fields = _Fields()
    fields.feed(text)
    sent = [(name, value) for name, value in fields.sent if name not in SKIP and name not in FALLBACK]
    return [*sent, *((name, value) for name, value in FALLBACK.items() if name in fields.names)]
