"""`manage.py create_clinic NAME --owner EMAIL`: the first step of every clinic."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction

from athletes.actions import policies
from clinic.actions import clinics, invitations
from clinic.errors import DomainError
from clinic.models import Clinic
from clinic.problems import words
from clinic.scope import in_clinic
from exercises.actions import catalogue
from portal import clock

FIELDS = {  # option -> what it means
    "time_zone": "IANA name, such as Europe/Lisbon",
    "country": "two letters",
    "phone": "what runners are told to call",
    "reply_to": "address that answers to mails go to (default: the owner's)",
    "emergency_number": "such as 112",
}


class Command(BaseCommand):
    """Make a clinic with its library and rules, and invite its owner by mail."""

    help = "Make a clinic with its library and rules, and invite its owner."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name")
        parser.add_argument("--owner", required=True, metavar="EMAIL")
        parser.add_argument("--owner-name", default="", metavar="NAME")
        for field, meaning in FIELDS.items():
            parser.add_argument(f"--{field.replace('_', '-')}", help=meaning)

    def handle(self, *, name: str, owner: str, owner_name: str, **options: Any) -> None:
        fields = {field: options[field] for field in FIELDS if options[field] is not None}
        try:
            validate_email(owner)
            clinic = self._create(name, owner, owner_name or owner.partition("@")[0], fields)
        except DomainError as error:
            raise CommandError(words(error)) from error
        except ValidationError as error:
            raise CommandError("; ".join(error.messages)) from error
        self.stdout.write(f"{clinic.name} is open. An invitation to {owner} is in the outbox.")

    @transaction.atomic
    def _create(self, name: str, owner: str, owner_name: str, fields: dict[str, str]) -> Clinic:
        now = clock.now()
        clinic, member = clinics.create(name=name, owner_email=owner, owner_name=owner_name, now=now, **fields)
        with in_clinic(clinic.pk):
            catalogue.adopt(clinic=clinic, by=None, now=now)
            policies.adopt_defaults(by=None, now=now)
            invitations.send(member=member, by=None, now=now)
        return clinic
