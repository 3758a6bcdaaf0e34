"""What every page knows: colours, the place, the desks this person may open."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from nearmade.cloud.moderation.services import open_cases
from nearmade.cloud.network.claims import open_claims
from nearmade.cloud.pages.near import place_text
from nearmade.cloud.pages.reading import sites_operated_by
from nearmade.cloud.people.models import User

THEMES = ("light", "dark")


def everywhere(request: HttpRequest) -> dict[str, Any]:
    """Give the frame of every page its values; see ``pages/base.html``."""
    theme = request.COOKIES.get("theme", "auto")
    user = getattr(request, "user", None)
    known = isinstance(user, User)
    return {
        "theme": theme if theme in THEMES else "auto",
        "near": place_text(request),
        "my_sites": sites_operated_by(user) if isinstance(user, User) else [],
        "waits_for_review": (
            open_cases(user).count() + open_claims(user).count()
            if isinstance(user, User) and known and user.is_moderator
            else None
        ),
        "may_plan": isinstance(user, User) and user.is_planner,
        "demo": settings.CONFIGURATION.demo,
    }
