"""What every request and every answer carries."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from portal import clock

GetResponse = Callable[[HttpRequest], HttpResponse]

NO_FEATURES = ", ".join(
    f"{feature}=()"
    for feature in (
        "camera",
        "geolocation",
        "microphone",
        "payment",
        "usb",
        "browsing-topics",
    )
)


class ClockMiddleware:
    """Read the clock once: one request happens at one instant, `request.now`."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.now = clock.now()
        return self.get_response(request)


class NoStoreMiddleware:
    """Keep pages out of every cache: a shared computer's Back button must not show a runner's record.

    A view whose answer names no runner (a clinic's photo) says `private, …` itself, and is left so.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        said = response.get("Cache-Control", "")
        if not said or (request.user.is_authenticated and not said.startswith("private,")):
            response["Cache-Control"] = "no-store"
            del response["Expires"]  # never_cache's; it tells two equal refusals apart by a second
        response["Permissions-Policy"] = NO_FEATURES
        return response
