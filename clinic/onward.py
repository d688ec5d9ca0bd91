"""Where a form goes on to when it is done, and where a page goes back to."""

from django.http import HttpRequest, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme


def is_ours(path: str, request: HttpRequest) -> bool:
    """Tell whether what an address or a form names is a path of this site: nobody is led elsewhere."""
    return path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts={request.get_host()})


def onward(request: HttpRequest, *, otherwise: str) -> HttpResponseRedirect:
    """Go where the form's `next` says, if that is a page of ours; else to the path `otherwise`."""
    wished = request.POST.get("next", "")
    return HttpResponseRedirect(wished if is_ours(wished, request) else otherwise)
