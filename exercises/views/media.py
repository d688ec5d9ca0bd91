"""A clinic's own photos and videos: adding, taking down, and the bytes themselves, for its members only."""

from collections.abc import Iterator
from contextlib import closing
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files import File
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.cache import get_conditional_response

from clinic.problems import add_to_form
from clinic.roles import Permission
from exercises.access import LibraryView
from exercises.actions import media as actions
from exercises.errors import MediaError
from exercises.forms.media import MediaForm
from exercises.models import Exercise, ExerciseMedia
from exercises.rules.ranges import Span, asked
from exercises.uploads.limits import Limits

CHUNK = 64 * 1024
# Opened by itself it is no page of ours: nothing in it runs, and it is what we say it is.
ALONE = {
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-cache",  # asked again each time: after signing out, or once it is taken down, it is gone
    "Accept-Ranges": "bytes",
}


class ExerciseMediaPage(LibraryView):
    """The photos and videos of one exercise, and a form for the next."""

    permission = Permission.EDIT_LIBRARY

    def enter(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.exercise = get_object_or_404(Exercise.objects.all(), pk=kwargs.pop("pk"))
        return super().enter(request, *args, **kwargs)

    def get(self, _request: HttpRequest) -> HttpResponse:
        """Show them."""
        return self._page(MediaForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Add one."""
        form = MediaForm(request)
        if not form.is_valid():
            return self._page(form, status=422)
        said = form.cleaned_data
        try:
            actions.add(
                exercise=self.exercise,
                upload=said["file"].file,
                size=said["file"].size,
                alt=said["alt"],
                limits=Limits(**settings.MEDIA_LIMITS),
                by=self.member,
                now=request.now,
            )
        except MediaError as error:
            add_to_form(form, error)
            return self._page(form, status=422)
        return redirect("exercises:media", self.exercise.pk)

    def _page(self, form: MediaForm, *, status: int = 200) -> HttpResponse:
        shown = list(self.exercise.media.shown())
        limits = Limits(**settings.MEDIA_LIMITS)
        return self.render(
            "exercises/media.html", status=status, exercise=self.exercise, shown=shown, form=form, limits=limits
        )


class RemoveMedia(LibraryView):
    """Taking one down."""

    permission = Permission.EDIT_LIBRARY

    def post(self, request: HttpRequest, media: UUID) -> HttpResponse:
        """Take it down; what is down already stays down."""
        row = get_object_or_404(ExerciseMedia.objects.all(), pk=media)
        actions.remove(media=row, by=self.member, now=request.now)
        return redirect("exercises:media", row.exercise_id)


class MediaFile(LibraryView):
    """The bytes: of the reader's own clinic, whole or in part."""

    permission = Permission.READ_LIBRARY

    def get(self, request: HttpRequest, media: UUID) -> HttpResponseBase:
        """Answer the file, a part of it (206), or that it is known already (304)."""
        row = get_object_or_404(ExerciseMedia.objects.shown(), pk=media)
        tag = f'"{row.digest}"'
        headers = ALONE | {
            "ETag": tag,
            "Content-Disposition": f'inline; filename="{row.pk}.{row.file.name[-4:].strip(".")}"',
        }
        if (known := get_conditional_response(request, etag=tag)) is not None:
            for name, value in headers.items():
                known[name] = value
            return known
        part = asked(request.headers.get("Range", ""), row.bytes)
        if part and request.headers.get("If-Range", tag) != tag:
            part = None  # another file than the one it has a piece of
        if part and not part.length:
            headers["Content-Range"] = f"bytes */{row.bytes}"
            return HttpResponse(status=HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, headers=headers)
        return _stream(row, part, headers)


class _Part:
    """Some bytes of a file, piece by piece; the response closes it, also when nobody reads to the end."""

    def __init__(self, file: "File[bytes]", span: Span) -> None:
        self.file, self.span = file, span
        self.close = file.close

    def __iter__(self) -> Iterator[bytes]:
        if (remote := getattr(self.file.file, "obj", None)) is not None:  # S3: reading the file would fetch all of it
            with closing(remote.get(Range=f"bytes={self.span.first}-{self.span.last}")["Body"]) as body:
                yield from body.iter_chunks(CHUNK)
            return
        self.file.seek(self.span.first)
        left = self.span.length
        while left > 0 and (chunk := self.file.read(min(CHUNK, left))):
            left -= len(chunk)
            yield chunk


def _stream(row: ExerciseMedia, part: Span | None, headers: dict[str, str]) -> StreamingHttpResponse:
    span = part or Span(0, row.bytes - 1)
    headers["Content-Length"] = str(span.length)
    if part:
        headers["Content-Range"] = f"bytes {part.first}-{part.last}/{row.bytes}"
    try:
        file = row.file.open("rb")
    except OSError as error:
        raise Http404 from error
    return StreamingHttpResponse(
        _Part(file, span),
        status=HTTPStatus.PARTIAL_CONTENT if part else HTTPStatus.OK,
        content_type=row.content_type,
        headers=headers,
    )
