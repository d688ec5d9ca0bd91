"""A file that comes in, and the answer to what it would do."""

from typing import Any

from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _

from clinic.errors import DomainError
from clinic.problems import add_to_form
from clinic.scope import current_clinic_id
from exercises import exchange
from exercises.actions.imports import Line
from exercises.errors import ContentError
from exercises.exchange.files import BYTES, FILE
from exercises.forms.upload import UploadForm
from exercises.kinds import Part
from exercises.queries.imports import Plan
from exercises.rules.content_json import as_json, exercise_from, protocol_from

SALT = "exercises.import.2"  # counts the shapes of what is signed: one of before an update cannot be read any more
LONGEST = 2 * 1024 * 1024  # characters of a signed answer; below what Django takes of a form


class FileForm(UploadForm):
    """One file, read as it comes in."""

    dropped = "file_too_large"
    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "CSV, XLSX or JSON, up to 2 MB and 500 entries. Nothing is written before you have seen what it does."
        ),
    )

    def clean(self) -> dict[str, Any]:
        """Read it; what is wrong with the whole file stands beside the field."""
        said = super().clean() or {}
        if file := said.get("file"):
            try:
                said["library"] = exchange.read(file.read(BYTES + 1))
            except DomainError as error:
                add_to_form(self, error)
        return said


class ConfirmForm(forms.Form):
    """What was shown, signed: the import writes exactly that. `only_good` leaves the entries with errors out."""

    shown = forms.CharField(widget=forms.HiddenInput, max_length=LONGEST)
    only_good = forms.BooleanField(required=False)

    def clean(self) -> dict[str, Any]:
        """Read what was signed, and refuse a file with errors unless its good entries were chosen."""
        said = super().clean() or {}
        try:
            whole = signing.loads(said.get("shown", ""), salt=SALT)
            said["lines"] = [_line(*line) for line in whole["lines"]]
        except (signing.BadSignature, ContentError) as error:
            raise forms.ValidationError(_("This cannot be read any more. Choose the file again.")) from error
        if whole["clinic"] != current_clinic_id():
            raise forms.ValidationError(_("This was shown in another clinic. Choose the file again."))
        if whole["errors"] and not said.get("only_good"):
            raise forms.ValidationError(_("Some entries have errors. Correct the file, or import only the good ones."))
        said["name"] = whole["name"]
        return said


def signed(plan: Plan, name: str) -> str:
    """Return what the plan would write, for the form; DomainError when that is more than a form can carry."""
    lines = [(one.part.value, as_json(one.content), one.revision) for one in plan.to_write if one.content]
    whole = {"clinic": current_clinic_id(), "name": name, "errors": len(plan.errors), "lines": lines}
    text = signing.dumps(whole, salt=SALT, compress=True)
    if len(text) > LONGEST:
        raise DomainError("file_too_large", field=FILE)
    return text


def _line(part: str, content: dict[str, Any], revision: int) -> Line:
    return Line(exercise_from(content) if part == Part.EXERCISE else protocol_from(content), revision)
