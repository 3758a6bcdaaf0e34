"""What views read from a request."""

from __future__ import annotations

from django.http import HttpRequest

from nearmade.cloud.people.models import User


def person(request: HttpRequest) -> User:
    """Give who is signed in; only for views behind ``login_required``."""
    assert isinstance(request.user, User)
    return request.user
