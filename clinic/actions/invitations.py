"""The way in: the clinic invites, the person accepts once."""

from datetime import datetime, timedelta

from django.contrib.auth.password_validation import validate_password
from django.db import IntegrityError, transaction
from django.urls import reverse

from clinic import tokens
from clinic.actions import audit, messages
from clinic.errors import DomainError
from clinic.models import Invitation, Member, Message, User
from clinic.scope import current_clinic_id

VALID_FOR = timedelta(days=14)


@transaction.atomic
def invite(*, name: str, email: str, role: str, by: Member | None, now: datetime) -> Member:
    """Make a membership without a user and mail its invitation. Raises DomainError `already_member`."""
    address = email.strip().lower()
    if Member.objects.filter(email=address).exists():
        raise DomainError("already_member", field="email")
    member = Member(role=role, name=name.strip(), email=address, active_from=now.date())
    try:
        with transaction.atomic():
            member.save(force_insert=True)
    except IntegrityError as error:  # a second click: the first one's row came since we looked
        raise DomainError("already_member", field="email") from error
    audit.record("member.invited", by=by, now=now, about=member, role=role)
    send(member=member, by=by, now=now)
    return member


@transaction.atomic
def send(*, member: Member, by: Member | None, now: datetime) -> Invitation:
    """Mail a fresh invitation; the ones before it stop working."""
    Invitation.objects.filter(member=member, accepted_at=None, revoked_at=None).update(revoked_at=now)
    invitation = Invitation(member=member, expires_at=now + VALID_FOR, invited_by=by, created_at=now)
    token = tokens.sign("invitation", clinic_id=current_clinic_id(), object_id=invitation.pk)
    invitation.token_digest = tokens.digest(token)
    invitation.save()
    messages.enqueue(
        kind="invitation",
        key=f"invitation:{invitation.pk}",
        to=member,
        path=reverse("clinic:invitation", args=[token]),
        delivery=Message.Delivery.AT_LEAST_ONCE,
        due_at=now,
        expires_at=invitation.expires_at,
        now=now,
    )
    return invitation


@transaction.atomic
def resend(*, member: Member, by: Member, now: datetime) -> Invitation:
    """Invite once more someone who has not accepted. Raises DomainError `not_invited` when they have, or left."""
    if member.user_id is not None or (member.active_until is not None and member.active_until < now.date()):
        raise DomainError("not_invited")
    invitation = send(member=member, by=by, now=now)
    audit.record("member.invited_again", by=by, now=now, about=member)
    return invitation


def find(token: str) -> Invitation | None:
    """Return the invitation behind a token, in the clinic scope that the token named."""
    found: Invitation | None = (
        Invitation.objects.select_related("member__clinic").filter(token_digest=tokens.digest(token)).first()
    )
    return found


@transaction.atomic
def accept(*, invitation: Invitation, user: User | None, password: str, now: datetime) -> User:
    """Tie the membership to a person: the one signed in, or a new one with this password.

    Raises DomainError `invitation_closed`, `wrong_account` (signed in under another address), `sign_in_first` (the
    address has an account) and ValidationError for a weak password.
    """
    member = invitation.member
    taken = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, revoked_at=None, expires_at__gt=now)
    if not taken.update(accepted_at=now):
        raise DomainError("invitation_closed")
    if user is not None and user.email != member.email:
        raise DomainError("wrong_account")
    if user is None:
        if User.objects.filter(email=member.email).exists():
            raise DomainError("sign_in_first")
        validate_password(password, User(email=member.email))
        user = User.objects.create_user(member.email, password)
    Member.objects.filter(pk=member.pk, user=None).update(user=user)
    audit.record("invitation.accepted", by=member, now=now, about=invitation)
    return user
