"""Signed links. Each carries its clinic's id, so that every door opens the scope the same way."""

from hashlib import sha256
from typing import NamedTuple
from uuid import UUID

from django.core.signing import BadSignature, Signer


class Link(NamedTuple):
    """What a signed link stands for."""

    clinic_id: int
    object_id: UUID


def sign(purpose: str, *, clinic_id: int, object_id: UUID) -> str:
    """Return an opaque token, good for one purpose only. The same input gives the same token."""
    return Signer(salt=f"backstride.{purpose}").sign_object([clinic_id, object_id.hex])


def read(purpose: str, token: str) -> Link | None:
    """Return what a token stands for, or None if it was not made here for this purpose."""
    try:
        clinic_id, object_id = Signer(salt=f"backstride.{purpose}").unsign_object(token)
        return Link(int(clinic_id), UUID(hex=object_id))
    except (BadSignature, ValueError, TypeError):
        return None


def digest(token: str) -> str:
    """Return what is kept of a token in the database."""
    return sha256(token.encode()).hexdigest()
