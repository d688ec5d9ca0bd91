"""Writing a clinic's protocols: every state is kept as a version, and nobody overwrites what they have not read."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.db import transaction

from clinic.actions import audit
from clinic.errors import ConflictError, DomainError
from clinic.models import Member
from exercises.actions import versions
from exercises.actions.exercises import one_writer
from exercises.errors import ContentError
from exercises.kinds import Laterality, Origin
from exercises.models import Exercise, Protocol, ProtocolBlock, ProtocolItem, ProtocolPhase, ProtocolVersion
from exercises.queries.content import protocol_content
from exercises.rules.codes import own_code
from exercises.rules.content import BlockContent, PhaseContent, ProtocolContent, refuse
from exercises.rules.content_json import criterion_json, protocol_from, protocol_json

Part = TypeVar("Part")
PLAIN = ("code", "name", "summary", "audience", "source")


@transaction.atomic
def create(
    *,
    content: ProtocolContent,
    by: Member,
    now: datetime,
    origin: Origin = Origin.CREATED,
    note: str = "",
    copy_of: Protocol | None = None,
    client_id: UUID | None = None,
) -> Protocol:
    """Add a protocol to the clinic's library; ContentError when it cannot be, also when its code is taken.

    What has no code yet gets one from its name. `client_id` was made with the page: sent twice, it adds one protocol.
    """
    one_writer()
    if not content.code:
        content = replace(content, code=own_code(content.name, set(Protocol.objects.values_list("code", flat=True))))
    content.validate()
    if made := versions.made_before(Protocol.objects.all(), client_id, content, by=by):
        return made
    if Protocol.objects.filter(code=content.code).exists():
        raise ContentError((("code", "protocol_exists"),))
    ids = _exercises(content)
    protocol = Protocol(changed_at=now)
    fill(protocol, content)
    versions.insert(protocol, client_id)
    add_phases([(protocol, content)], ids)
    versions.keep(protocol, content, by=by, now=now, origin=origin, note=note)
    source = str(copy_of.pk) if copy_of else ""
    audit.record("protocol.created", by=by, now=now, about=protocol, origin=origin.value, copy_of=source)
    return protocol


@transaction.atomic
def edit(
    *,
    protocol: Protocol,
    content: ProtocolContent,
    revision: int,
    by: Member,
    now: datetime,
    origin: Origin = Origin.EDITED,
    note: str = "",
) -> Protocol:
    """Give a protocol new content, if it is still at the revision that was read; else ConflictError.

    Its code stays. Programs are copies and do not change. The same content again makes no version.
    """
    row: Protocol = Protocol.objects.select_for_update(no_key=True).get(pk=protocol.pk)
    if row.revision != revision:
        raise ConflictError("stale_protocol")
    content.validate()
    before = protocol_content(row)
    if content.code != before.code:
        raise ContentError((("code", "code_stays"),))
    if content == before:
        return row
    ids = _exercises(content)
    versions.keep_first(row, before, now=now)
    if row.catalogue_version and row.catalogue_base is None:
        row.catalogue_base = protocol_json(before)
    fill(row, content)
    row.revision, row.changed_at = row.revision + 1, now
    row.save()
    row.phases.all().delete()
    add_phases([(row, content)], ids)
    versions.keep(row, content, by=by, now=now, origin=origin, note=note)
    audit.record("protocol.edited", by=by, now=now, about=row, revision=row.revision, origin=origin.value)
    return row


@transaction.atomic
def restore(*, protocol: Protocol, number: int, revision: int, by: Member, now: datetime) -> Protocol:
    """Give a protocol the content of an older version again, as a new one; raises what `edit` raises."""
    version = ProtocolVersion.objects.filter(protocol=protocol, number=number).first()
    if version is None:
        raise DomainError("nothing_to_restore")
    content = protocol_from(version.content)
    restored: Protocol = edit(
        protocol=protocol, content=content, revision=revision, by=by, now=now, origin=Origin.RESTORED
    )
    return restored


def fill(row: Protocol, content: ProtocolContent) -> None:
    """Set a row's columns from its content; its phases are rows of their own."""
    for name in PLAIN:
        setattr(row, name, getattr(content, name))


def add_phases(pairs: Sequence[tuple[Protocol, ProtocolContent]], ids: Mapping[str, UUID]) -> None:
    """Write the phases, blocks and lines of protocols that have none: three statements for any number of them."""
    phases = [(_phase(protocol, n, phase), phase) for protocol, entry in pairs for n, phase in _numbered(entry.phases)]
    blocks = [(_block(row, n, block), block) for row, phase in phases for n, block in _numbered(phase.blocks)]
    ProtocolPhase.objects.bulk_create([row for row, _ in phases])
    ProtocolBlock.objects.bulk_create([row for row, _ in blocks])
    ProtocolItem.objects.bulk_create([item for row, block in blocks for item in _items(row, block, ids)])


def _phase(protocol: Protocol, order: int, content: PhaseContent) -> ProtocolPhase:
    criteria = [criterion_json(criterion) for criterion in content.exit_criteria]
    return ProtocolPhase(protocol=protocol, order=order, name=content.name, exit_criteria=criteria)


def _block(phase: ProtocolPhase, order: int, content: BlockContent) -> ProtocolBlock:
    row = ProtocolBlock(phase=phase, order=order, title=content.title)
    row.schedule = content.schedule
    return row


def _items(block: ProtocolBlock, content: BlockContent, ids: Mapping[str, UUID]) -> Iterable[ProtocolItem]:
    for n, item in _numbered(content.items):
        row = ProtocolItem(
            block=block, exercise_id=ids[item.exercise], order=n, note=item.note, in_bad_day_set=item.in_bad_day_set
        )
        row.dose = item.dose
        yield row


def _exercises(content: ProtocolContent) -> dict[str, UUID]:
    """Return the exercises that a protocol names; raise ContentError for unknown ones and for a missing side."""
    named = Exercise.objects.filter(code__in=content.exercises()).values_list("code", "laterality", "pk")
    known = {code: (Laterality(laterality), pk) for code, laterality, pk in named}
    refuse(content.misfits({code: laterality for code, (laterality, _pk) in known.items()}))
    return {code: pk for code, (_laterality, pk) in known.items()}


def _numbered(things: Sequence[Part]) -> Iterable[tuple[int, Part]]:
    return enumerate(things, start=1)
