"""What a member wants at hand."""

from django.db import models

from clinic.models import Member
from clinic.scope import ClinicOwned
from exercises.models.exercise import Exercise


class Favourite(ClinicOwned):
    """A member's star on an exercise."""

    member = models.ForeignKey(Member, models.CASCADE, related_name="+")
    exercise = models.ForeignKey(Exercise, models.CASCADE, related_name="favourites")

    class Meta(ClinicOwned.Meta):
        constraints = (models.UniqueConstraint(fields=["clinic", "member", "exercise"], name="favourite_once"),)

    def __str__(self) -> str:
        return f"{self.member_id} * {self.exercise_id}"
