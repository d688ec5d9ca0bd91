"""Every route x role x method has a declared answer (tests/guards/policy.py), and another clinic's rows do not exist."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from clinic import roles
from clinic.models import AuditEvent
from clinic.roles import Permission
from clinic.scope import ClinicOwned, in_clinic
from tests.cast import Cast
from tests.guards.policy import ANONYMOUS, METHODS, POLICY, ROLES, Route
from tests.guards.world import World, make_world

NEVER = UUID("01900000-0000-7000-8000-000000000000")


def walk(patterns: list[Any], namespace: str = "", path: str = "") -> Iterator[str]:
    """Yield the name of every route of the URLconf, admin and allauth included; the path of one without a name."""
    for pattern in patterns:
        here = f"{path}{pattern.pattern}"
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from walk(pattern.url_patterns, inner, here)
        elif isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}" if pattern.name else here


def url_of(name: str, kwargs: dict[str, Any]) -> str:
    """Return a route's address; unnamed ones are spelt by hand."""
    if "/" not in name:
        return reverse(name, kwargs=kwargs)
    return "/" + name.replace("<path:object_id>", str(kwargs.get("object_id"))).replace("(?P<url>.*)$", "nothing-here")


def test_every_route_is_declared() -> None:
    routes = set(walk(get_resolver().url_patterns))
    assert routes - POLICY.keys() == set(), "routes without a declared answer"
    assert POLICY.keys() - routes == set(), "declared routes that are gone"


@pytest.fixture
def world(cast: Cast) -> World:
    """The cast, with one of everything in Riverside."""
    return make_world(cast)


@pytest.fixture
def browsers(world: World, sign_in: Callable[[Any], Client]) -> dict[str, Client]:
    """One browser a role."""
    people = {role: getattr(world.cast, name) for role, name in ROLES.items()}
    members = {role: getattr(person, "member", person) for role, person in people.items()}
    return {ANONYMOUS: Client(), **{role: sign_in(member) for role, member in members.items()}}


@contextmanager
def undone() -> Iterator[None]:
    """Take back whatever a request wrote."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def ask(client: Client, method: str, url: str) -> HttpResponse:
    """Send an empty request, and forget what it did to the cookies (signing out is one of the routes)."""
    cookies = deepcopy(client.cookies)
    try:
        return client.generic(method, url, content_type="application/x-www-form-urlencoded")
    finally:
        client.cookies = cookies


def answer(response: HttpResponse) -> str:
    """Say what a response is: its status, or `login` for a redirect to the door."""
    if response.status_code == 302 and response["Location"].startswith(("/account/login/", "/admin/login/")):
        return "login"
    return str(response.status_code)


def test_route_answers_as_declared(world: World, browsers: dict[str, Client]) -> None:
    """One walk over all cells; every wrong one is named."""
    wrong = list(mismatches(world, browsers))
    assert not wrong, "\n".join(wrong)


def mismatches(world: World, browsers: dict[str, Client], methods: tuple[str, ...] = METHODS) -> Iterator[str]:
    """Yield the cells that do not answer as declared, or, over all methods, were refused and wrote all the same."""
    for name, route in POLICY.items():
        url = url_of(name, world.kwargs(route))
        for role, client in browsers.items():
            before = fingerprint(world) if methods == METHODS and refused_all(route, role) else None
            for method in methods:
                said, expected = "", route.expected(role, method)
                with undone():
                    said = answer(ask(client, method, url))
                if said not in expected:
                    yield f"{method} {name} as {role}: {said}, declared {'/'.join(expected)}"
            if before is not None and fingerprint(world) != before:
                yield f"{name} as {role}: refused, and changed the database"


def refused_all(route: Route, role: str) -> bool:
    """Whether a role is let in nowhere on a route."""
    return all(code in ("login", "403", "404", "405") for m in METHODS for code in route.expected(role, m))


def fingerprint(world: World) -> str:
    """Hash every tenant row of both clinics, the audit trail apart (a refusal may be written there)."""
    digest = hashlib.sha256()
    for clinic in (world.cast.riverside, world.cast.hilltop):
        with in_clinic(clinic.pk):
            for model in apps.get_models():
                if issubclass(model, ClinicOwned) and model is not AuditEvent:
                    digest.update(repr(sorted(model.objects.values_list("pk").iterator())).encode())
    return digest.hexdigest()


def test_other_clinics_object_does_not_exist(world: World, browsers: dict[str, Client]) -> None:
    """Another clinic's id and one that never existed: same status, same headers, same bytes."""
    stranger = browsers["stranger"]
    walked = 0
    for name, route in POLICY.items():
        named = world.kwargs(route)
        rows = {kwarg: NEVER for kwarg, value in named.items() if isinstance(value, UUID)}
        if not rows:
            continue
        theirs, never = url_of(name, named), url_of(name, {**named, **rows})
        for method in METHODS:
            with undone():
                there, nowhere = ask(stranger, method, theirs), ask(stranger, method, never)
            assert there.status_code == nowhere.status_code, f"{method} {name}"
            assert masked(there) == masked(nowhere), f"{method} {name}"
            assert headers(there) == headers(nowhere), f"{method} {name}"
            walked += 1
    assert walked > 50


def masked(response: HttpResponse) -> bytes:
    """Return the body without the ids that the asker sent and the form's CSRF token."""
    body = response.content
    token = response.context and response.context.get("csrf_token")
    return body.replace(str(token).encode(), b"") if token else body


def headers(response: HttpResponse) -> dict[str, str]:
    """Return the headers that could tell one from the other."""
    return {key: value for key, value in response.items() if key not in ("Set-Cookie", "Location")}


@pytest.mark.parametrize("permission", sorted(Permission))
def test_removing_a_permission_is_noticed(
    permission: Permission, world: World, browsers: dict[str, Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The matrix itself works: without any one permission some cell is wrong."""
    fewer = {role: granted - {permission} for role, granted in roles.ROLES.items()}
    monkeypatch.setattr(roles, "ROLES", fewer)
    assert next(mismatches(world, browsers, ("GET", "POST")), None) is not None


@pytest.mark.parametrize("permission", sorted(set(Permission) - frozenset.intersection(*roles.ROLES.values())))
def test_granting_a_permission_to_all_is_noticed(
    permission: Permission, world: World, browsers: dict[str, Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    """And given to everybody, some cell is wrong too."""
    more = {role: granted | {permission} for role, granted in roles.ROLES.items()}
    monkeypatch.setattr(roles, "ROLES", more)
    assert next(mismatches(world, browsers, ("GET", "POST")), None) is not None
