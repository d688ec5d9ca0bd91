"""Where a form goes on to when it is done."""

from django.http import HttpRequest, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme


def onward(request: HttpRequest, *, otherwise: str) -> HttpResponseRedirect:
    """Go where the form's `next` says, if that is a page of ours; else to the path `otherwise`."""
    wished = request.POST.get("next", "")
    is_ours = wished.startswith("/") and url_has_allowed_host_and_scheme(wished, allowed_hosts={request.get_host()})
    return HttpResponseRedirect(wished if is_ours else otherwise)
