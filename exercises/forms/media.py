"""The shape of a photo or video that is added."""

from django import forms
from django.utils.translation import gettext_lazy as _

from exercises.forms.upload import UploadForm

ACCEPTED = "image/jpeg,image/png,image/webp,video/mp4,video/webm,video/quicktime"


class MediaForm(UploadForm):
    """A file and what it shows. What the file is, is told from its bytes alone."""

    dropped = "media_too_large"
    file = forms.FileField(
        label=_("Photo or video"),
        allow_empty_file=True,  # worded by the domain, like every other unfit file
        max_length=255,
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
        error_messages={"required": _("Choose a photo or a video.")},
    )
    alt = forms.CharField(
        label=_("What it shows"),
        max_length=200,
        help_text=_(
            "Stands beneath it, and is read out to those who cannot see it: “Bridge, seen from the side, heels close to the seat”."
        ),
        error_messages={"required": _("Say in a few words what it shows.")},
    )
