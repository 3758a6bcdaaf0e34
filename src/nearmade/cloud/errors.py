"""How our errors look over HTTP: one table, for the API and for pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from nearmade.vocabulary.errors import (
    Conflict,
    InvalidInput,
    NearmadeError,
    NotFound,
    Refused,
    Unavailable,
)

#: HTTP status of every error class; a test proves the table complete.
HTTP_STATUS: Mapping[type[NearmadeError], int] = {
    InvalidInput: 422,
    NotFound: 404,
    Refused: 403,
    Conflict: 409,
    Unavailable: 503,
}


def http_status(error: NearmadeError) -> int:
    """Look up the status of an error by its class."""
    for kind in type(error).__mro__:
        if kind in HTTP_STATUS:
            return HTTP_STATUS[kind]
    return 500


def error_json(request: HttpRequest, error: NearmadeError) -> HttpResponse:
    """Answer an API call with our error."""
    return JsonResponse({"error": error.as_dict()}, status=http_status(error))


def api_error(
    request: HttpRequest, status: int, code: str, message: str, remedy: str = ""
) -> HttpResponse:
    """Answer an API call in the one shape, for what is no error of ours."""
    error = {"code": code, "message": message, "remedy": remedy}
    return JsonResponse({"error": error}, status=status)


class ErrorPages:
    """Turn our errors into pages that say what to do."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Let the request through."""
        return self.get_response(request)

    def process_exception(
        self, request: HttpRequest, exception: Exception
    ) -> HttpResponse | None:
        """Answer for the view that raised."""
        if not isinstance(exception, NearmadeError):
            return None
        status = http_status(exception)
        if request.headers.get("Accept", "").startswith("application/json"):
            return error_json(request, exception)
        return render(request, "pages/error.html", {"error": exception}, status=status)
