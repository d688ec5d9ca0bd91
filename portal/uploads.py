"""Receiving a file: broken off at the size that nobody needs, however much is sent."""

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, SkipFile


class Bounded(FileUploadHandler):
    """Stands before Django's own handlers; drops the file at which a request grows too large and says so on the request.

    All files of a request count together: a hundred of them, each small enough, would fill the disk of a portal whose
    doors anybody may knock at. The form then finds no file, and `request.upload_too_large` (bytes) lets it say why.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Pass the chunk on while it is not too much."""
        del start
        self.received += len(raw_data)
        if self.received > settings.UPLOAD_MAX_BYTES:
            self.request.upload_too_large = settings.UPLOAD_MAX_BYTES  # type: ignore[union-attr]
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Leave the making of the file to the next handler."""
        del file_size
