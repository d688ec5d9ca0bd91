from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    """How it is wired to web and worker. No models; nothing imports it."""

    name = "portal"
    verbose_name = _("Portal")
