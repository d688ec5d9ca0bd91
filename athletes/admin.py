"""The athletes' records in the admin: to read and to search. Changes go through the pages, whose actions they need."""

from athletes.models import Alert, Athlete, Program, SessionLog
from clinic.admin import ClinicModelAdmin, site


class AthleteAdmin(ClinicModelAdmin):
    """Runners."""

    athlete_field = "pk"
    list_display = ("name", "complaint", "state", "started_on", "time_zone")
    list_filter = ("state",)
    list_select_related = ("member",)
    search_fields = ("member__name",)
    ordering = ("member__name",)


class ProgramAdmin(ClinicModelAdmin):
    """Programs."""

    athlete_field = "athlete_id"
    list_display = ("title", "athlete", "state", "outcome", "ended_on")
    list_filter = ("state", "outcome")
    list_select_related = ("athlete__member",)
    search_fields = ("title", "athlete__member__name")
    ordering = ("-created_at",)


class SessionLogAdmin(ClinicModelAdmin):
    """Logs."""

    athlete_field = "athlete_id"
    list_display = ("performed_on", "athlete", "outcome", "pain_during", "pain_after", "recorded_at")
    list_filter = ("outcome", "stopped_for_pain")
    list_select_related = ("athlete__member",)
    search_fields = ("athlete__member__name",)
    ordering = ("-performed_on",)


class AlertAdmin(ClinicModelAdmin):
    """Alerts."""

    athlete_field = "athlete_id"
    list_display = ("kind", "level", "athlete", "state", "owner", "opened_at", "outcome")
    list_filter = ("state", "level", "kind")
    list_select_related = ("athlete__member", "owner")
    search_fields = ("athlete__member__name",)
    ordering = ("-opened_at",)


site.register(Athlete, AthleteAdmin)
site.register(Program, ProgramAdmin)
site.register(SessionLog, SessionLogAdmin)
site.register(Alert, AlertAdmin)
