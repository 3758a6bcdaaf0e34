"""How often one client may ask for what costs us work."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja.throttling import SimpleRateThrottle


class PerClient(SimpleRateThrottle):
    """Count by signed-in person, else by address; each process counts for itself.

    Behind a proxy the server must be told to believe it (``--forwarded-allow-ips``):
    a client's own ``X-Forwarded-For`` is not read here.
    """

    def __init__(self, scope: str, rate: str) -> None:
        self.scope = scope
        super().__init__(rate)

    def get_cache_key(self, request: HttpRequest) -> str:
        """Name whom we count."""
        user: Any = getattr(request, "user", None)
        if user is not None and user.is_authenticated:
            ident = f"user-{user.pk}"
        else:
            ident = f"at-{request.META.get('REMOTE_ADDR', '')}"
        return self.cache_format % {"scope": self.scope, "ident": ident}
