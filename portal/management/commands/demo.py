"""`manage.py demo`: two clinics with thirty days of history, on an empty database."""

from typing import Any

from django.core.management.base import BaseCommand

from clinic.models import Clinic
from portal import clock
from portal.demo.history import play
from portal.demo.stories import RIVERSIDE


class Command(BaseCommand):
    """Load the demo once; a second run keeps what is there."""

    help = __doc__ or ""

    def handle(self, *args: Any, **options: Any) -> None:
        del args, options
        if Clinic.objects.filter(slug=RIVERSIDE.slug).exists():
            self.stdout.write("The demo is there already.")
            return
        play(now=clock.now())
        self.stdout.write("The demo is ready.")
