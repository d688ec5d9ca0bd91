"""The roles table that a clinician can read (ARCHITECTURE.md section 6)."""

from enum import StrEnum


class Role(StrEnum):
    """What a membership is for."""

    OWNER = "owner"
    THERAPIST = "therapist"
    ASSISTANT = "assistant"
    ATHLETE = "athlete"


class Permission(StrEnum):
    """One thing that a view can ask for. Every view names exactly one."""

    SIGNED_IN = "signed_in"  # any active member: clinic switch, own account
    READ_LIBRARY = "read_library"
    EDIT_LIBRARY = "edit_library"  # exercises, protocols, photos; import and export
    READ_CASELOAD = "read_caseload"  # names, contact, adherence
    READ_CLINICAL = "read_clinical"  # notes, pain, logs
    PRESCRIBE = "prescribe"  # and answer alerts; needs a care tie to the athlete as well
    JOIN_CARE = "join_care"  # take an athlete into one's own care, audited
    INVITE = "invite"
    MANAGE_CLINIC = "manage_clinic"  # staff, catalogue updates, the outbox and the audit trail
    OWN_RECORD = "own_record"  # the athlete's pages about themself


ROLES: dict[Role, frozenset[Permission]] = {
    Role.OWNER: frozenset(
        {
            Permission.SIGNED_IN,
            Permission.READ_LIBRARY,
            Permission.EDIT_LIBRARY,
            Permission.READ_CASELOAD,
            Permission.READ_CLINICAL,
            Permission.PRESCRIBE,  # bound to a care tie: an owner outside the care team gets 403
            Permission.JOIN_CARE,
            Permission.INVITE,
            Permission.MANAGE_CLINIC,
        }
    ),
    Role.THERAPIST: frozenset(
        {
            Permission.SIGNED_IN,
            Permission.READ_LIBRARY,
            Permission.EDIT_LIBRARY,
            Permission.READ_CASELOAD,
            Permission.READ_CLINICAL,
            Permission.PRESCRIBE,
            Permission.JOIN_CARE,
            Permission.INVITE,
        }
    ),
    Role.ASSISTANT: frozenset(
        {Permission.SIGNED_IN, Permission.READ_LIBRARY, Permission.READ_CASELOAD, Permission.INVITE}
    ),
    Role.ATHLETE: frozenset({Permission.SIGNED_IN, Permission.READ_LIBRARY, Permission.OWN_RECORD}),
}

STAFF = frozenset({Role.OWNER, Role.THERAPIST, Role.ASSISTANT})


def may(role: str, permission: Permission) -> bool:
    """Tell whether a role grants a permission."""
    return permission in ROLES[Role(role)]
