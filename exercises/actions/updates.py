"""Taking from a newer catalogue what the owner chose, and remembering what was left. A clinic's own edits stay."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction

from clinic.actions import audit
from clinic.errors import ConflictError
from clinic.models import Member
from exercises.actions import cards, exercises, protocols
from exercises.actions.catalogue import add_exercises, add_protocols
from exercises.catalogue import Catalogue, load
from exercises.errors import ContentError
from exercises.kinds import Origin, Part
from exercises.models import CatalogueLeft, Exercise, Protocol
from exercises.queries.content import exercise_contents, protocol_contents
from exercises.queries.updates import Entries, Update, entries_of, updates
from exercises.rules.content import ExerciseContent
from exercises.rules.content_json import as_json
from exercises.rules.follow import follow, late_rungs

FROM = Origin.CATALOGUE


@dataclass(frozen=True)
class Taken:
    """How many entries were taken, and the names of those that were not, or not whole: they do not fit the clinic's."""

    count: int
    stuck: tuple[str, ...] = ()


@transaction.atomic
def take(*, tokens: Iterable[str], by: Member, now: datetime, catalogue: Catalogue | None = None) -> Taken:
    """Take the updates that the tokens name (queries/updates.py); what is taken already is passed over.

    All together or one by one, in any order, ends in the same library. A protocol brings the exercises that it needs.
    Raises ConflictError, and takes nothing, when an entry is not what was shown. A ladder that would go in a circle with
    the clinic's own stays as it is, and stays on offer.
    """
    exercises.one_writer()
    catalogue = catalogue or load()
    chosen = _chosen(tokens, catalogue)
    if not chosen:
        return Taken(0)
    entries = entries_of(catalogue)
    before = set(Exercise.objects.values_list("code", flat=True))
    new = {update.code for update in chosen if update.part is Part.EXERCISE and update.row is None}
    new |= {code for update in chosen for code in update.brings}
    taking = _Taking(entries, before, before | new, catalogue.version, by, now)
    added = [entry.content for code, entry in entries.exercises.items() if code in new]
    add_exercises(added, version=catalogue.version, by=by, now=now)
    stuck = [*taking.exercises(chosen), *taking.protocols(chosen)]
    if any(update.part is Part.CARDS for update in chosen):
        cards.refresh(by=by, now=now, catalogue=catalogue)
    keys = {update.key for update in chosen} | {f"{Part.EXERCISE}:{code}" for code in new}
    _forget(keys)
    audit.record("catalogue.taken", by=by, now=now, version=catalogue.version, keys=sorted(keys), stuck=len(stuck))
    return Taken(len(chosen), tuple(stuck))


@transaction.atomic
def leave(*, tokens: Iterable[str], by: Member, now: datetime, catalogue: Catalogue | None = None) -> int:
    """Leave the updates that the tokens name until the catalogue changes them again; return how many that were."""
    exercises.one_writer()
    chosen = [update for update in _chosen(tokens, catalogue or load()) if not update.is_left]
    for update in chosen:
        CatalogueLeft.objects.update_or_create(
            part=update.part.value, code=update.code, defaults={"digest": update.digest, "by": by, "at": now}
        )
    if chosen:
        audit.record("catalogue.left", by=by, now=now, keys=sorted(update.key for update in chosen))
    return len(chosen)


def _chosen(tokens: Iterable[str], catalogue: Catalogue) -> list[Update]:
    found = {update.key: update for update in updates(catalogue).found}
    named = {token.rsplit(":", 2)[0]: token for token in tokens}
    chosen = [update for key, update in found.items() if key in named]
    if any(update.token != named[update.key] for update in chosen):
        raise ConflictError("stale_update")
    return chosen


def _forget(keys: set[str]) -> None:
    gone = [row.pk for row in CatalogueLeft.objects.all() if f"{row.part}:{row.code}" in keys]
    CatalogueLeft.objects.filter(pk__in=gone).delete()


@dataclass(frozen=True)
class _Job:
    """One exercise to change. `base` is what the catalogue says of it; None where only a rung comes late."""

    row: Exercise
    ours: ExerciseContent
    content: ExerciseContent
    base: dict[str, Any] | None

    def without_ladder(self) -> "_Job":
        """Return the rest of it; the ladder stays as it is, and on offer."""
        last = self.row.catalogue_base or as_json(self.ours)
        base = self.base and self.base | {"easier": last["easier"]}
        return replace(self, content=replace(self.content, easier=self.ours.easier), base=base)


@dataclass(frozen=True)
class _Taking:
    """One visit to the catalogue: `before` and `after` are the codes of the library's exercises."""

    entries: Entries
    before: set[str]
    after: set[str]
    version: str
    by: Member
    now: datetime

    def exercises(self, chosen: Iterable[Update]) -> Iterator[str]:
        """Change what the clinic has; give the names of those that do not fit, or not with their ladder.

        A rung may fit only when another has gone, so what does not fit is tried again after the others.
        """
        jobs = list(self._jobs({update.code for update in chosen if update.part is Part.EXERCISE}))
        while (waiting := [job for job in jobs if not self._edit(job)]) and len(waiting) < len(jobs):
            jobs = waiting
        for job in waiting:
            self._edit(job.without_ladder())
            yield job.row.name

    def protocols(self, chosen: Iterable[Update]) -> Iterator[str]:
        """Change what the clinic has and add what it does not; give the names of those that do not fit."""
        codes = {update.code for update in chosen if update.part is Part.PROTOCOL}
        rows = {row.code: row for row in Protocol.objects.filter(code__in=codes)}
        new = [entry.content for code, entry in self.entries.protocols.items() if code in codes - rows.keys()]
        stuck = add_protocols(new, version=self.version, by=self.by, now=self.now)
        yield from (entry.name for entry in stuck)
        contents = protocol_contents(rows.values())
        for code, row in rows.items():
            entry = self.entries.protocols[code]
            content = follow(row.catalogue_base, contents[code], entry.content, before=(), after=()).content
            try:
                protocols.edit(
                    protocol=row, content=content, revision=row.revision, by=self.by, now=self.now, origin=FROM
                )
            except ContentError:
                yield row.name
                continue
            Protocol.objects.filter(pk=row.pk).update(catalogue_base=entry.said, catalogue_version=self.version)

    def _jobs(self, codes: set[str]) -> Iterator[_Job]:
        late = self.after - self.before
        rows = [
            row
            for row in Exercise.objects.exclude(catalogue_version="").filter(code__in=self.before)
            if row.code in codes or (row.catalogue_base and late & set(row.catalogue_base["easier"]))
        ]
        known = {"before": self.before, "after": self.after}
        for code, ours in exercise_contents(rows).items():
            row = next(row for row in rows if row.code == code)
            if code in codes:
                entry = self.entries.exercises[code]
                content = follow(row.catalogue_base, ours, entry.content, **known).content
                yield _Job(row, ours, content, entry.said)
            else:
                yield _Job(row, ours, late_rungs(row.catalogue_base, ours, **known), None)

    def _edit(self, job: _Job) -> bool:
        """Write it, unless it does not fit."""
        try:
            exercises.edit(
                exercise=job.row,
                content=job.content,
                revision=job.row.revision,
                by=self.by,
                now=self.now,
                origin=FROM,
            )
        except ContentError:
            return False
        if job.base is not None:
            Exercise.objects.filter(pk=job.row.pk).update(catalogue_base=job.base, catalogue_version=self.version)
        return True
