"""The shape of a photo or video that is added."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

ACCEPTED = "image/jpeg,image/png,image/webp,video/mp4,video/webm,video/quicktime"


class MediaForm(forms.Form):
    """A file and what is to be seen on it. What the file is, is told from its bytes alone."""

    file = forms.FileField(
        label=_("Photo or video"),
        allow_empty_file=True,  # worded by the domain, like every other unfit file
        max_length=255,
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
        error_messages={"required": _("Choose a photo or a video.")},
    )
    alt = forms.CharField(
        label=_("What is to be seen"),
        max_length=200,
        help_text=_("For runners who cannot see it: “Bridge, seen from the side, heels close to the seat”."),
        error_messages={"required": _("Say in a few words what is to be seen.")},
    )

    def __init__(self, *args: Any, too_large: int | None = None, **kwargs: Any) -> None:
        """`too_large`: the bytes at which receiving the file was broken off, if it was."""
        super().__init__(*args, **kwargs)
        if too_large:
            message = _("This file is too large: at most %(megabytes)s MB.") % {"megabytes": too_large // 1_000_000}
            self.fields["file"].error_messages["required"] = message
