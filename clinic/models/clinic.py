"""The tenant."""

from datetime import time
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

PHONE = RegexValidator(r"^[+0-9][0-9 ()./-]{2,30}$", _("Enter a phone number such as +44 20 7946 0018."))


def validate_time_zone(name: str) -> None:
    """Raise ValidationError unless the name is an IANA time zone."""
    if name not in available_timezones():
        raise ValidationError(_("Choose a time zone from the list."), code="time_zone")


class Clinic(models.Model):
    """A clinic: the wall that rows never cross. Holds no patient data."""

    slug = models.SlugField(_("short name"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind of clinic"), max_length=80, blank=True)
    time_zone = models.CharField(
        _("time zone"), max_length=64, default="Europe/London", validators=[validate_time_zone]
    )
    country = models.CharField(_("country"), max_length=2, default="GB")
    language = models.CharField(_("language"), max_length=8, default="en")
    phone = models.CharField(_("phone"), max_length=32, blank=True, validators=[PHONE])
    reply_to = models.EmailField(_("address that answers go to"))
    emergency_number = models.CharField(_("emergency number"), max_length=16, default="112", validators=[PHONE])
    office_from = models.TimeField(_("office opens"), default=time(9))
    office_until = models.TimeField(_("office closes"), default=time(17))
    quiet_until = models.TimeField(_("reminders from"), default=time(8))  # CLINICAL.md section 3, quiet hours
    quiet_from = models.TimeField(_("reminders until"), default=time(21))
    watch_from = models.PositiveSmallIntegerField(_("pain to watch, from"), default=3)
    stop_from = models.PositiveSmallIntegerField(_("pain to stop, from"), default=6)
    created_at = models.DateTimeField(auto_now_add=True, editable=False)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(watch_from__gte=1, stop_from__gt=models.F("watch_from"), stop_from__lte=10),
                name="clinic_bands_in_order",
            ),
            models.CheckConstraint(
                condition=models.Q(quiet_until__lt=models.F("quiet_from")), name="clinic_quiet_hours_in_order"
            ),
        )

    def __str__(self) -> str:
        return self.name
