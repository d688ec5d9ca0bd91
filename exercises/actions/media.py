"""Putting a clinic's photos and videos on an exercise, and taking them down."""

from datetime import datetime
from typing import BinaryIO

from django.core.files import File
from django.db import transaction
from django.db.models import Max

from clinic.actions import audit
from clinic.models import Member
from clinic.scope import current_clinic_id
from exercises.errors import MediaError
from exercises.models import Exercise, ExerciseMedia
from exercises.uploads import Clean, clean
from exercises.uploads.limits import Limits

MOST = 8  # of one exercise: our own bound, what a page shows without scrolling for ever


@transaction.atomic
def add(
    *, exercise: Exercise, upload: BinaryIO, size: int, alt: str, limits: Limits, by: Member, now: datetime
) -> ExerciseMedia:
    """Make a clean file of an upload of `size` bytes and show it with the exercise; MediaError when it cannot be one.

    The file is written before its row: a row without a file would be a broken picture, a file without a row is nobody's.
    """
    Exercise.objects.select_for_update().only("pk", "clinic").get(pk=exercise.pk)  # two at once would pass the bound
    shown = exercise.media.shown()
    if shown.count() >= MOST:
        raise MediaError("media_too_many", most=MOST)
    made = clean(upload, size=size, limits=limits)
    with made.file:
        media = _row(exercise, made, alt.strip(), by, now)
        media.order = (shown.aggregate(last=Max("order"))["last"] or 0) + 1
        media.file.save(f"{current_clinic_id()}/{media.pk}.{made.extension}", File(made.file), save=False)
    try:
        media.save()
        audit.record("media.added", by=by, now=now, about=exercise, media=str(media.pk), kind=made.kind.value)
    except BaseException:
        media.file.delete(save=False)
        raise
    return media


@transaction.atomic
def remove(*, media: ExerciseMedia, by: Member, now: datetime) -> ExerciseMedia:
    """Take it down: nobody is served it any more, and its bytes go once that is certain. Twice is once."""
    row: ExerciseMedia = ExerciseMedia.objects.select_for_update().get(pk=media.pk)
    if row.removed_at is not None:
        return row
    row.removed_at = now
    row.save(update_fields=["removed_at"])
    audit.record("media.removed", by=by, now=now, about=row.exercise, media=str(row.pk), kind=row.kind)
    storage, name = row.file.storage, str(row.file.name)
    transaction.on_commit(lambda: storage.delete(name))
    return row


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
