"""Putting a clinic's photos and videos on an exercise, and taking them down."""

from datetime import datetime
from typing import BinaryIO

from django.core.files import File
from django.db import transaction

from clinic.actions import audit
from clinic.models import Member
from clinic.scope import current_clinic_id
from exercises.errors import MediaError
from exercises.models import Exercise, ExerciseMedia
from exercises.uploads import Clean, clean
from exercises.uploads.limits import Limits

MOST = 8  # of one exercise: our own bound, what a page shows without scrolling for ever


def add(
    *, exercise: Exercise, upload: BinaryIO, size: int, alt: str, limits: Limits, by: Member, now: datetime
) -> ExerciseMedia:
    """Make a clean file of an upload of `size` bytes and show it with the exercise; MediaError when it cannot be one.

    The file is written before its row: a row without a file would be a broken picture, a file without a row is nobody's.
    """
    _next_order(exercise)
    made = clean(upload, size=size, limits=limits)  # takes seconds, as storing may: no transaction, nobody waits for it
    with made.file:
        media = _row(exercise, made, alt.strip(), by, now)
        name = f"{current_clinic_id()}/{media.pk}.{made.extension}"
        try:
            media.file.save(name, File(made.file), save=False)
            _show(media, by, now)
        except BaseException:  # a full disk too: half a file is nobody's either
            media.file.storage.delete(name)
            raise
    return media


@transaction.atomic
def _show(media: ExerciseMedia, by: Member, now: datetime) -> None:
    exercise = media.exercise
    Exercise.objects.select_for_update(no_key=True).only("pk", "clinic").get(pk=exercise.pk)
    media.order = _next_order(exercise)  # again: two at once would pass the bound
    media.save()
    audit.record("media.added", by=by, now=now, about=exercise, media=str(media.pk), kind=media.kind)


@transaction.atomic
def remove(*, media: ExerciseMedia, by: Member, now: datetime) -> ExerciseMedia:
    """Take it down: nobody is served it any more, and its bytes go once that is certain. Twice is once.

    Where the store does not answer they stay until `forget`.
    """
    row: ExerciseMedia = ExerciseMedia.objects.select_for_update(no_key=True).get(pk=media.pk)
    if row.removed_at is not None:
        return row
    row.removed_at = now
    row.save(update_fields=["removed_at"])
    audit.record("media.removed", by=by, now=now, about=row.exercise, media=str(row.pk), kind=row.kind)
    storage, name = row.file.storage, str(row.file.name)
    transaction.on_commit(lambda: storage.delete(name), robust=True)
    return row


def forget() -> int:
    """Delete the bytes of what was taken down, if they are still there, and the name they had; return how many had one."""
    named = list(ExerciseMedia.objects.exclude(removed_at=None).exclude(file=""))
    for row in named:
        row.file.storage.delete(row.file.name)
        ExerciseMedia.objects.filter(pk=row.pk).update(file="")
    return len(named)


def _next_order(exercise: Exercise) -> int:
    """Return the place of the next one; raise MediaError when there is none."""
    orders = list(exercise.media.shown().values_list("order", flat=True))
    if len(orders) >= MOST:
        raise MediaError("media_too_many", most=MOST)
    return max(orders, default=0) + 1


def _row(exercise: Exercise, made: Clean, alt: str, by: Member, now: datetime) -> ExerciseMedia:
    return ExerciseMedia(
        exercise=exercise,
        kind=made.kind.value,
        content_type=made.content_type,
        bytes=made.size,
        width=made.width,
        height=made.height,
        seconds=made.seconds,
        digest=made.digest(),
        alt=alt,
        uploaded_by=by,
        uploaded_at=now,
    )
