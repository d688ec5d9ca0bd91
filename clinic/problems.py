"""Domain errors in words: the one place that maps them, for pages (422) and the API (RFC 9457)."""

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.forms import BaseForm
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.response import Response

from clinic.errors import ConflictError, DomainError, RefusedError

WORDS = {
    "already_member": gettext_lazy("This address already belongs to someone in your clinic."),
    "invitation_closed": gettext_lazy("This invitation is no longer open. Ask your clinic for a new one."),
    "wrong_account": gettext_lazy("You are signed in under another address. Sign out, then open the link again."),
    "sign_in_first": gettext_lazy("There is an account for this address. Sign in, then open the link again."),
    "not_invited": gettext_lazy(
        "No invitation was sent: this person has accepted already, or no longer belongs to the clinic."
    ),
    "yourself": gettext_lazy("You cannot end your own access. Another owner can."),
    "other_body": gettext_lazy("This session was already saved with other answers."),
    "stale_draft": gettext_lazy("Someone saved this draft while you were working on it."),
    "not_on_care_team": gettext_lazy("Join this runner's care first."),
    "not_open": gettext_lazy("This is already closed."),
    "new_finding": gettext_lazy("Something was added while you were reading. Read it, then answer."),
    "not_a_clinician": gettext_lazy("Choose a clinician of your clinic."),
    "outcome_missing": gettext_lazy("Choose what came of it."),
    "nothing_to_publish": gettext_lazy("Add at least one exercise before you publish."),
    "effective_too_early": gettext_lazy("Choose today or a later day."),
    "reason_missing": gettext_lazy("Say why, in a few words."),
    "too_long_ago": gettext_lazy("Only today and yesterday can be logged."),
    "in_the_future": gettext_lazy("This time has not come yet."),
    "not_prescribed": gettext_lazy("This exercise is not in the program of that day."),
    "discharged": gettext_lazy("Care at this clinic has ended, so nothing was saved."),
    "until_before_from": gettext_lazy("The last day must not be before the first."),
    "side_missing": gettext_lazy("Choose the side."),
    "pain_out_of_range": gettext_lazy("Choose a number from 0 to 10."),
    "already_corrected": gettext_lazy("This session was corrected before, with other answers."),
    "nothing_to_correct": gettext_lazy("The session that this corrects is not there."),
    "title_missing": gettext_lazy("Give it a name."),
    "block_empty": gettext_lazy("Every block needs at least one exercise."),
    "nothing_changed": gettext_lazy("Nothing changed since the published version. Change something first."),
    "unknown_exercise": gettext_lazy("This exercise is not in your library."),
    "lead_cannot_prescribe": gettext_lazy("Choose a clinician of your clinic."),
    "starts_too_early": gettext_lazy("Choose today or a later day."),
    "amount_missing": gettext_lazy("Say how much."),
    "range_upside_down": gettext_lazy("The second number must not be smaller than the first."),
    "two_measures": gettext_lazy("A dose is counted in one thing only."),
    "pattern_beside_reps": gettext_lazy("Say one number for all sets, or one for each, not both."),
    "pattern_does_not_fit": gettext_lazy("Say one number for each set: 6-4-2 are three sets."),
    "not_a_tempo": gettext_lazy("Write the tempo as 3-1-1-0: seconds down, pause, up, pause; X is fast."),
    "tempo_without_reps": gettext_lazy("Only repetitions have a tempo."),
    "load_does_not_fit": gettext_lazy("Say kilograms or a band, not both."),
    "no_sides": gettext_lazy("This exercise has no sides."),
    "days_do_not_fit": gettext_lazy("Choose at least one day."),
    "times_do_not_fit": gettext_lazy("Say how often a week, 1 to 7."),
    "out_of_range": gettext_lazy("This number is too small or too large."),
    "too_precise": gettext_lazy("Two decimals are the most that is kept."),
    "unknown_measure": gettext_lazy("Choose what is counted."),
    "unknown_side": gettext_lazy("Choose the side."),
    "unknown_load": gettext_lazy("Choose kilograms, a band or nothing."),
    "unknown_trigger": gettext_lazy("Choose when this is done."),
    "pattern_missing": gettext_lazy("Choose on which days this is done."),
    "pattern_without_schedule": gettext_lazy(
        "A block before or after a run, or for a stiff back, has no days. Choose when it is done."
    ),
    "only_on_named_days": gettext_lazy("Several times a day needs days: daily, or the weekdays that you tick."),
    "block_twice": gettext_lazy("The same block is in this draft twice."),
    "clinic_exists": gettext_lazy("There is a clinic of this name already."),
    "content_invalid": gettext_lazy("Some of this cannot be saved yet."),
    "too_long": gettext_lazy("This is too long."),
    "too_many": gettext_lazy("These are too many."),
    "not_writable": gettext_lazy("There is a line break or a hidden character in this that cannot be kept."),
    "twice": gettext_lazy("The same is said twice."),
    "easier_than_itself": gettext_lazy("An exercise is not its own easier form."),
    "not_a_code": gettext_lazy("A code has small letters, numbers, - and _ only."),
    "unknown_field": gettext_lazy("Nothing is known by this name."),
    "not_text": gettext_lazy("This must be text."),
    "not_a_list": gettext_lazy("This must be a list."),
    "not_a_number": gettext_lazy("This must be a number."),
    "not_yes_or_no": gettext_lazy("This must be yes or no."),
    "not_an_object": gettext_lazy("This must have named parts."),
    "stale_exercise": gettext_lazy("Someone saved this exercise while you were working on it."),
    "stale_protocol": gettext_lazy("Someone saved this protocol while you were working on it."),
    "stale_update": gettext_lazy("The library changed while you were looking. Nothing was taken; look again."),
    "stale_import": gettext_lazy(
        "The library changed since this file was read. Nothing was imported; choose the file again."
    ),
    "exercise_exists": gettext_lazy("There is an exercise with this code already."),
    "protocol_exists": gettext_lazy("There is a protocol with this code already."),
    "code_stays": gettext_lazy("A code does not change: files and programs know it by this one."),
    "ladder_in_a_circle": gettext_lazy("This would make an exercise easier than itself."),
    "missing": gettext_lazy("This is missing."),
    "unknown_figure": gettext_lazy("There is no drawn movement of this name."),
    "unknown_code": gettext_lazy("Choose one of the list."),
    "sides_stay": gettext_lazy(
        "A movement keeps its sides, or keeps having none: programs count on it. Copy it instead."
    ),
    "only_clinician": gettext_lazy("Only a clinician can check this."),
    "operator_does_not_fit": gettext_lazy(
        "Choose “at most”, “at least” or “exactly” for a number, else “yes” or “no”."
    ),
    "threshold_missing": gettext_lazy("Say the number."),
    "threshold_without_number": gettext_lazy("This needs no number."),
    "not_a_state": gettext_lazy("Untick “On days in a row”: this is not asked day by day."),
    "stale_before_done": gettext_lazy("“Not older than” must be at least as many days as the days in a row."),
    "exercise_missing": gettext_lazy("Choose the exercise."),
    "no_phase": gettext_lazy("Add at least one phase."),
    "phase_empty": gettext_lazy("Every phase needs at least one block."),
    "nothing_to_restore": gettext_lazy("This version is not there."),
    "media_empty": gettext_lazy("There is nothing in this file."),
    "media_too_large": gettext_lazy("This file is too large: at most %(megabytes)s MB."),
    "media_wrong_type": gettext_lazy("Choose a photo (JPEG, PNG, WebP) or a video (MP4, WebM)."),
    "media_is_heic": gettext_lazy("Browsers cannot show this photo (HEIC). Save it as JPEG, then choose it again."),
    "media_broken": gettext_lazy("This file cannot be read. Export it again, then choose it again."),
    "media_too_many_pixels": gettext_lazy("This picture is too large: at most %(megapixels)s megapixels."),
    "media_animated": gettext_lazy("This picture moves. Choose a still one, or a video (MP4, WebM)."),
    "video_plays_nowhere": gettext_lazy(
        "Most browsers cannot play this video (%(codec)s). Export it as MP4 with H.264, or as WebM."
    ),
    "video_too_long": gettext_lazy("This video is too long: at most %(seconds)s seconds."),
    "media_too_many": gettext_lazy("An exercise has at most %(most)s photos and videos. Take one down first."),
    "alt_missing": gettext_lazy("Say in a few words what it shows."),
    "file_too_large": gettext_lazy("This file is too large. Choose one of at most 2 MB, or split it."),
    "file_empty": gettext_lazy("Nothing is in this file."),
    "not_text_file": gettext_lazy("This is not a CSV, XLSX or JSON file."),
    "not_a_table": gettext_lazy("This is not a table: a quotation mark is open somewhere."),
    "not_a_workbook": gettext_lazy("This workbook cannot be opened. Save it again as XLSX."),
    "not_json": gettext_lazy("This is not valid JSON. Export it again, then choose it."),
    "not_our_json": gettext_lazy("This JSON is not a library. Export one to see how it looks."),
    "columns_missing": gettext_lazy("No row names the columns: the first must have code or name among them."),
    "columns_twice": gettext_lazy("Two columns have the same name."),
    "too_many_entries": gettext_lazy("This file is too long. Keep it to 500 entries, without empty rows far below."),
    "cells_beyond": gettext_lazy("A cell in this row stands under no column name."),
    "cell_is_date": gettext_lazy("The spreadsheet made a date of this. Format the cell as text and type it again."),
    "cell_is_error": gettext_lazy("The spreadsheet shows an error here."),
    "exercise_twice": gettext_lazy("This is in the file twice."),
    "on_hold": gettext_lazy("Your program is on hold. Your clinic will tell you when to go on."),
}


def words(error: DomainError) -> str:
    """Return the sentence for an error; a dose or another coded field says which value is out of range."""
    return sentence(error.code) % error.params if error.params else sentence(error.code)


def sentence(code: str) -> str:
    """Return the sentence for a code: an error's, or one of the problems that a ContentError names."""
    return str(WORDS.get(code) or _("This value is not possible (%(code)s).") % {"code": code})


def sentences(codes: Iterable[str]) -> str:
    """Return the sentences for several codes in one line, each said once."""
    return " ".join(dict.fromkeys(sentence(code) for code in codes))


def add_to_form(form: BaseForm, error: DomainError) -> None:
    """Put a domain error beside its field, or above the form if it is about no one field."""
    form.add_error(error.field if error.field in form.fields else None, words(error))


def handler(exc: Exception, context: dict[str, Any]) -> Response:
    """Answer every API error as application/problem+json: 400 shape, 403, 404, 409 conflict, 422 rule."""
    del context
    body: dict[str, Any] = {}
    if isinstance(exc, DomainError):
        status = _status(exc)
        body = {"detail": words(exc), "code": exc.code, **({"field": exc.field} if exc.field else {})}
    elif isinstance(exc, ValidationError):
        status, body = HTTPStatus.BAD_REQUEST, {"errors": exc.detail}
    elif isinstance(exc, Http404):
        status = HTTPStatus.NOT_FOUND
    elif isinstance(exc, PermissionDenied):
        status = HTTPStatus.FORBIDDEN
    elif isinstance(exc, APIException):
        status = HTTPStatus(exc.status_code)
    else:
        raise exc
    problem = {"type": "about:blank", "title": status.phrase, "status": status.value, **body}
    return Response(problem, status=status, content_type="application/problem+json")


def _status(error: DomainError) -> HTTPStatus:
    if isinstance(error, ConflictError):
        return HTTPStatus.CONFLICT
    return HTTPStatus.FORBIDDEN if isinstance(error, RefusedError) else HTTPStatus.UNPROCESSABLE_ENTITY
