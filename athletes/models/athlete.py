"""The person treated, who looks after them, and when they are away."""

from datetime import date, time
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clinic.models import Member
from clinic.models.clinic import validate_time_zone
from clinic.roles import Permission, Role
from clinic.scope import ClinicManager, ClinicOwned, ClinicQuerySet


class AthleteQuerySet(ClinicQuerySet):
    """Athletes of the clinic in scope."""

    def visible_to(self, member: Member) -> Self:
        """Whose existence a member may know of: staff the whole clinic's, an athlete only their own."""
        if member.role == Role.ATHLETE:
            return self.filter(member=member)
        return self if member.may(Permission.READ_CASELOAD) else self.none()


class AthleteManager(ClinicManager.from_queryset(AthleteQuerySet)):  # type: ignore[misc]
    """Scoped manager of athletes."""


class Athlete(ClinicOwned):
    """A runner in one clinic. Dates about them are local to `time_zone`."""

    class State(models.TextChoices):
        ACTIVE = "active", _("Active")
        ON_HOLD = "on_hold", _("On hold")
        DISCHARGED = "discharged", _("Discharged")

    member = models.OneToOneField(Member, models.PROTECT, related_name="athlete")
    state = models.CharField(_("state"), max_length=16, choices=State, default=State.ACTIVE)
    state_reason = models.CharField(_("reason"), max_length=200, blank=True)
    complaint = models.CharField(_("what it is about"), max_length=80, blank=True, default="Low back")
    phone = models.CharField(_("phone"), max_length=32, blank=True)
    birth_on = models.DateField(_("date of birth"), null=True, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=64, validators=[validate_time_zone])
    language = models.CharField(_("language"), max_length=8, default="en")
    remind_at = models.TimeField(_("reminders at"), default=time(10))
    baseline_morning = models.PositiveSmallIntegerField(
        _("usual next-morning pain at the start"), null=True, blank=True
    )
    started_on = models.DateField(_("in care since"))
    resumed_on = models.DateField(_("last resumed"), null=True, blank=True, editable=False)  # after a hold
    last_logged_at = models.DateTimeField(null=True, blank=True, editable=False)  # a summary: spares the sweep a scan

    objects: ClassVar[Any] = AthleteManager()

    class Meta(ClinicOwned.Meta):
        constraints = (
            models.CheckConstraint(
                condition=Q(baseline_morning=None) | Q(baseline_morning__lte=10), name="athlete_baseline_in_range"
            ),
        )

    def __str__(self) -> str:
        return self.member.name

    @property
    def name(self) -> str:
        """The person's name, kept on the membership."""
        return self.member.name


class CareTieQuerySet(ClinicQuerySet):
    """Care ties of the clinic in scope."""

    def in_force(self, on: date) -> Self:
        """Ties that hold on a day."""
        return self.filter(from_on__lte=on).filter(Q(until_on=None) | Q(until_on__gte=on))


class CareTieManager(ClinicManager.from_queryset(CareTieQuerySet)):  # type: ignore[misc]
    """Scoped manager of care ties."""


class CareTie(ClinicOwned):
    """One clinician's part in one athlete's care, from a day to a day."""

    class Part(models.TextChoices):
        LEAD = "lead", _("Lead")
        BACKUP = "backup", _("Backup")
        COVER = "cover", _("Cover")

    athlete = models.ForeignKey(Athlete, models.CASCADE, related_name="care_ties")
    member = models.ForeignKey(Member, models.PROTECT, related_name="care_ties")
    part = models.CharField(_("part"), max_length=8, choices=Part)
    from_on = models.DateField(_("from"))
    until_on = models.DateField(_("until"), null=True, blank=True)

    objects: ClassVar[Any] = CareTieManager()

    class Meta(ClinicOwned.Meta):
        constraints = (
            models.UniqueConstraint(
                fields=["clinic", "athlete", "part"],
                condition=Q(until_on=None) & ~Q(part="cover"),
                name="one_lead_one_backup",
            ),
            models.CheckConstraint(
                condition=Q(until_on=None) | Q(until_on__gte=F("from_on")), name="care_tie_in_order"
            ),
        )

    def __str__(self) -> str:
        return f"{self.part} of {self.athlete_id}"


class Pause(ClinicOwned):
    """Days away (holiday, illness, race): nothing is due, nobody is reminded. Both days included."""

    athlete = models.ForeignKey(Athlete, models.CASCADE, related_name="pauses")
    from_on = models.DateField(_("from"))
    until_on = models.DateField(_("until"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=120, blank=True)
    made_by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")

    class Meta(ClinicOwned.Meta):
        constraints = (
            models.CheckConstraint(condition=Q(until_on=None) | Q(until_on__gte=F("from_on")), name="pause_in_order"),
        )

    def __str__(self) -> str:
        return f"{self.from_on}-{self.until_on or ''}"
