from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ClinicConfig(AppConfig):
    """Who works here, who may see what, what was done, what was sent."""

    name = "clinic"
    verbose_name = _("Clinic")
