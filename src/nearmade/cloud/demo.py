"""The demo: a synthetic network and synthetic people, labelled wherever they show."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import OperationalError, close_old_connections

from nearmade.adapters.network_file import load_network
from nearmade.cloud.network.services import (
    appoint_operator,
    find_site,
    import_facility,
    issue_token,
)
from nearmade.cloud.people.models import User

CUSTOMER = "customer@demo.invalid"
OPERATOR = "operator@demo.invalid"
MODERATOR = "moderator@demo.invalid"
PLANNER = "planner@demo.invalid"


@dataclass(frozen=True, slots=True)
class DemoPeople:
    """Four synthetic people and the password that they share on this installation."""

    customer: User
    operator: User
    moderator: User
    planner: User
    password: str


def import_network(path: Path) -> int:
    """Bring every site of a network file into the network."""
    facilities = load_network(path)
    for facility in facilities:
        import_facility(facility)
    return len(facilities)


def demo_people(password_file: Path, live_sites: Sequence[str]) -> DemoPeople:
    """Make the synthetic people once; the operator runs the live sites."""
    if password_file.exists():
        password = password_file.read_text(encoding="ascii").strip()
    else:
        password = "demo-" + secrets.token_urlsafe(9)
        password_file.touch(mode=0o600)
        password_file.write_text(password, encoding="ascii")
    customer = _person(CUSTOMER, password)
    operator = _person(OPERATOR, password)
    moderator = _person(MODERATOR, password, is_moderator=True)
    planner = _person(PLANNER, password, is_planner=True)
    for site_id in live_sites:
        appoint_operator(operator, find_site(site_id))
    return DemoPeople(customer, operator, moderator, planner, password)


def _person(email: str, password: str, **rights: bool) -> User:
    user, created = User.objects.get_or_create(
        email=email, defaults={"username": email, "demo": True, **rights}
    )
    if created or not user.check_password(password):
        user.set_password(password)
        user.save()
    return user


def agent_token(site_id: str, token_file: Path, *, now: datetime) -> str:
    """Give the token of a demo site's agent, issuing one on first use."""
    from nearmade.cloud.network.services import site_of_token
    from nearmade.vocabulary.errors import Refused

    if token_file.exists():
        token = token_file.read_text(encoding="ascii").strip()
        try:
            if site_of_token(token).pk == site_id:
                return token
        except Refused:
            pass  # another database: a new token
    token = issue_token(find_site(site_id), now=now)
    token_file.parent.mkdir(parents=True, exist_ok=True)
    token_file.touch(mode=0o600)
    token_file.write_text(token, encoding="ascii")
    return token


def demo_sites_being_asked() -> list[str]:
    """Name the demo sites with a command to answer; none while the database is away."""
    from nearmade.cloud.shopfloor.models import Command

    close_old_connections()
    asked = Command.objects.filter(state=Command.State.OPEN, site__demo=True)
    try:
        return list(
            asked.order_by("site_id").values_list("site_id", flat=True).distinct()
        )
    except OperationalError:
        return []
