"""Who reads the library, and in which frame."""

from typing import Any

from django.http import HttpResponse

from clinic.access import ClinicView
from clinic.roles import Permission


class LibraryView(ClinicView):
    """A page of the library, in the frame of whoever reads it."""

    def render(self, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
        base = "base_staff.html" if self.member.is_staff_member else "base_phone.html"
        may_edit = self.member.may(Permission.EDIT_LIBRARY)
        return super().render(template, status=status, base=base, may_edit=may_edit, **context)
