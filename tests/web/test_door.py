"""Sign-in: a password or a six-digit code, asked for with the same address on the same page."""

import re
import time
from types import SimpleNamespace

import pytest
from django.core import mail
from django.test import Client

from tests.cast import Cast

pytestmark = pytest.mark.django_db


def test_door_offers_a_password_and_a_code_but_no_account(client: Client) -> None:
    page = client.get("/account/login/").content.decode()
    assert 'name="login"' in page
    assert 'name="password"' in page
    assert 'formaction="/account/login/code/"' in page
    assert "signup" not in page


def test_code_goes_to_the_address_of_the_sign_in_form(client: Client, cast: Cast) -> None:
    email = cast.tess.user.email
    answer = client.post("/account/login/code/", {"login": email, "password": "never read"})
    assert answer.status_code == 302
    sent = mail.outbox[-1]
    code = re.search(r"^\d{6}$", sent.body, re.MULTILINE)
    assert code
    assert sent.to == [email]
    assert sent.subject == "Your sign-in code"
    assert code[0] in str(sent.alternatives[0][0])
    assert client.get(answer["Location"]).status_code == 200
    assert client.post(answer["Location"], {"code": code[0]})["Location"] == "/"
    assert client.session["_auth_user_id"] == str(cast.tess.user.pk)


def test_codes_run_out_before_six_digits_do(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each code may be guessed at a few times, so it is the number of codes that keeps guessing hopeless."""
    minute = iter(range(0, 60 * 60, 61))
    monkeypatch.setattr(
        "allauth.core.internal.ratelimit.time", SimpleNamespace(time=lambda: at, monotonic=time.monotonic)
    )
    answers = []
    for n in range(12):
        at = 1_000_000 + next(minute)
        address = f"203.0.113.{n}"  # from many places
        answers.append(Client(REMOTE_ADDR=address).post("/account/login/code/", {"login": cast.tess.user.email}))
    assert len(mail.outbox) == 10
    assert "Location" not in answers[-1]


def test_unknown_address_gets_the_same_answer_and_no_code(cast: Cast) -> None:
    known = Client().post("/account/login/code/", {"login": cast.tess.user.email})
    unknown = Client().post("/account/login/code/", {"login": "nobody@nowhere.example"})
    assert (unknown.status_code, unknown["Location"]) == (known.status_code, known["Location"])
    told = [sent for sent in mail.outbox if sent.to == ["nobody@nowhere.example"]]
    assert [sent.subject for sent in told] == ["This address is not known here"]
    assert not re.search(r"\d{6}|signup|sign-up", told[0].body + str(told[0].alternatives[0][0]).split("</style>")[1])
