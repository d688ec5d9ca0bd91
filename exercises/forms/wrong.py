"""Where a page is wrong: one anchor for each mistake, in the order in which the page is read."""

from collections.abc import Iterable, Iterator

from django import forms


def fields(form: forms.Form, names: Iterable[str] | None = None) -> Iterator[str]:
    """Give the id of every field in which something is wrong; what is hidden has no place to go to."""
    for name in form.fields if names is None else names:
        if name in form.errors and not form[name].is_hidden:
            yield form[name].auto_id
    if names is None and form.prefix and form.non_field_errors():
        yield form.prefix


def whole(form: forms.Form, but: str = "") -> Iterator[str]:
    """Give one id for a form that is wrong in any part `but` one: they stand side by side and are said together."""
    if form.errors.keys() - {but}:
        yield str(form.prefix)
