"""The API, described by OpenAPI at ``/api/docs``."""

from __future__ import annotations

from ninja import NinjaAPI

from nearmade import __version__
from nearmade.cloud.catalogue.api import router as catalogue
from nearmade.cloud.errors import error_json
from nearmade.cloud.network.api import router as network
from nearmade.cloud.orders.api import router as orders
from nearmade.cloud.shopfloor.api import router as shopfloor
from nearmade.vocabulary.errors import NearmadeError

api = NinjaAPI(
    title="Nearmade",
    version=__version__,
    description="Made near where it is needed: designs, quotes, orders, sites.",
    docs_url="/docs",
)
api.add_router("/", catalogue)
api.add_router("/", network)
api.add_router("/", orders)
api.add_router("/agent", shopfloor)
api.exception_handler(NearmadeError)(error_json)
