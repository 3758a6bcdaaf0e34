"""How allauth opens accounts here."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Registration follows the installation's configuration."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Say whether strangers may open an account."""
        return bool(settings.CONFIGURATION.people_may_sign_up)
