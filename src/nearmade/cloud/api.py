"""The API, described by OpenAPI at ``/api/docs``."""

from __future__ import annotations

from django.db import DataError
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, Throttled, ValidationError

from nearmade import __version__
from nearmade.cloud.addresses import router as addresses
from nearmade.cloud.catalogue.api import router as catalogue
from nearmade.cloud.errors import api_error, error_json
from nearmade.cloud.network.api import router as network
from nearmade.cloud.orders.api import router as orders
from nearmade.cloud.shopfloor.api import router as shopfloor
from nearmade.vocabulary.errors import NearmadeError

#: Codes of what ninja itself answers.
CODES = {400: "unreadable", 401: "sign-in", 403: "refused", 429: "too-many"}

api = NinjaAPI(
    title="Nearmade",
    version=__version__,
    description="Made near where it is needed: designs, quotes, orders, sites.",
    docs_url="/docs",
)
api.add_router("/", catalogue)
api.add_router("/", network)
api.add_router("/", addresses)
api.add_router("/", orders)
api.add_router("/agent", shopfloor)
api.exception_handler(NearmadeError)(error_json)


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Name every field that has another shape than the schema says."""
    told = [
        f"{'.'.join(str(step) for step in one['loc'][1:])}: {one['msg']}"
        for one in error.errors[:5]
    ]
    return api_error(request, 422, "invalid-input", "; ".join(told)[:500])


@api.exception_handler(HttpError)
def _http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    code = CODES.get(error.status_code, "error")
    remedy = "sign in, or send your token" if error.status_code == 401 else ""
    response = api_error(request, error.status_code, code, str(error), remedy)
    if isinstance(error, Throttled) and error.wait:
        response["Retry-After"] = str(error.wait)
    return response


@api.exception_handler(Http404)
def _no_such_page(request: HttpRequest, error: Http404) -> HttpResponse:
    return api_error(request, 404, "not-found", "no such address")


@api.exception_handler(DataError)
def _unstorable(request: HttpRequest, error: DataError) -> HttpResponse:
    """Something that no database text can hold, such as a NUL character."""
    return api_error(request, 422, "invalid-input", "holds characters that no name has")
