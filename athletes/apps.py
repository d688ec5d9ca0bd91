from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AthletesConfig(AppConfig):
    """Whom we treat, what was prescribed, what they did, what that calls for."""

    name = "athletes"
    verbose_name = _("Athletes")
