"""A browser without JavaScript: reads the form of a page, and sends it back with one button pressed."""

import re
from html.parser import HTMLParser

from django.http import HttpResponse

Fields = dict[str, list[str]]


class PlainForm(HTMLParser):
    """The successful controls of one form, as HTML defines them, and its buttons."""

    def __init__(self, body: str, form_id: str) -> None:
        super().__init__()
        self.form_id, self.inside = form_id, False
        self.fields: Fields = {}
        self.buttons: list[tuple[str, str]] = []
        self._select = ""
        self._first: str | None = None
        self._chosen = False
        self._text = ""  # the name of the text area that is being read
        self.feed(body)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = said.get("id") == self.form_id
        if not self.inside:
            return
        if tag == "input":
            self._input(said, checked="checked" in said)
        elif tag == "select":
            self._select, self._first, self._chosen = said["name"], None, False
        elif tag == "textarea":
            self._text = said["name"]
            self.fields.setdefault(self._text, []).append("")
        elif tag == "option" and self._select:
            self._option(said, selected="selected" in said)
        elif tag == "button" and said.get("name") and "disabled" not in said:
            self.buttons.append((said["name"], said.get("value", "")))

    def handle_data(self, data: str) -> None:
        if self._text:
            self.fields[self._text][-1] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        elif tag == "textarea" and self._text:
            said = re.sub("\r?\n", "\r\n", self.fields[self._text][-1])  # what a browser sends for the end of a line
            self.fields[self._text][-1] = said.removeprefix("\r\n")
            self._text = ""
        elif tag == "select" and self._select:
            if not self._chosen and self._first is not None:
                self.fields.setdefault(self._select, []).append(self._first)
            self._select = ""

    def _input(self, said: dict[str, str], *, checked: bool) -> None:
        kind = said.get("type", "text")
        if "name" not in said or (kind in {"checkbox", "radio"} and not checked):
            return
        self.fields.setdefault(said["name"], []).append(said.get("value", "on" if kind == "checkbox" else ""))

    def _option(self, said: dict[str, str], *, selected: bool) -> None:
        self._first = said["value"] if self._first is None else self._first
        if selected:
            self._chosen = True
            self.fields.setdefault(self._select, []).append(said["value"])


def form_of(response: HttpResponse, form_id: str = "desk") -> PlainForm:
    """Read a form of a page."""
    return PlainForm(response.content.decode(), form_id)
