"""What every form for a file says when the file is too large to be received."""

from typing import ClassVar

from django import forms
from django.http import HttpRequest

from clinic.problems import sentence


class UploadForm(forms.Form):
    """A form whose `file` may have been dropped on the way (portal/uploads.py): then it says so, not that none came."""

    dropped: ClassVar[str]  # the code that it says this by

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(*((request.POST, request.FILES) if request else ()))
        if most := getattr(request, "upload_too_large", None):
            message = sentence(self.dropped) % {"megabytes": most // 1_000_000}
            self.fields["file"].error_messages["required"] = message
