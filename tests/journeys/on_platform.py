"""What a journey does in a platform's database, by the services, in a child process.

Run as ``python -m tests.journeys.on_platform VERB`` with the arguments as JSON on
stdin; the answer is JSON on stdout.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import django


def add_site(
    record: dict[str, Any], operator: str = "", password: str = ""
) -> dict[str, str]:
    """Put a site into the network; with a person who runs it, if named."""
    from django.conf import settings

    from nearmade.cloud.keys import platform_key
    from nearmade.cloud.network.services import (
        appoint_operator,
        import_facility,
        issue_token,
    )
    from nearmade.cloud.people.models import User
    from nearmade.facilities.record import facility_from_record
    from nearmade.production.signing import public_key_text

    site = import_facility(facility_from_record(record))
    if operator:
        person = User.objects.create_user(
            username=operator, email=operator, password=password
        )
        appoint_operator(person, site)
    key = platform_key(settings.CONFIGURATION.data_dir).public_key()
    return {
        "token": issue_token(site, now=datetime.now(UTC)),
        "platform_key": public_key_text(key),
    }


def list_places(records: list[dict[str, Any]]) -> int:
    """Put places of a public list into the register."""
    from tests.cloud.listed import listed

    return len(listed(*records))


def artefact_of(site: str, content: str) -> str:
    """Give a site a job whose file has this content; gives the file's name."""
    from nearmade.cloud.blobs import put_blob
    from nearmade.cloud.network.services import find_site
    from nearmade.production.job import JobState
    from tests.cloud.workshop import a_job, a_person, an_order

    row = find_site(site)
    sha256 = put_blob(content.encode())
    order = an_order(row, a_person(f"{site}@example.org"))
    a_job(order, JobState.COMMITTED, gcode_sha256=sha256)
    return str(sha256)


def order_couplings(count: int) -> int:
    """Have somebody in Lyon order couplings that nobody has taken yet."""
    from tests.cloud.test_plans import an_open_order
    from tests.pages.bench import a_drawn_coupling

    instance = a_drawn_coupling(("PLA",) * 3)
    return len([an_open_order(instance=instance) for _ in range(count)])


def story(order: str) -> dict[str, Any]:
    """Tell an order's trail, its jobs, and what agents said about them."""
    from nearmade.cloud.orders.models import Order
    from nearmade.cloud.shopfloor.models import AgentEpoch

    row = Order.objects.get(pk=order)
    return {
        "state": row.state,
        "trail": list(row.events.values("number", "at", "kind", "body", "by")),
        "jobs": [
            {
                "id": str(job.pk),
                "site": job.site_id,
                "machine": job.machine_id,
                "state": job.state,
                "generation": job.generation,
                "evidence": job.evidence,
            }
            for job in row.jobs.all()
        ],
        "agents": [
            {
                "site": epoch.site_id,
                "acknowledged": epoch.acknowledged,
                "events": list(
                    epoch.events.order_by("seq").values("seq", "kind", "body", "effect")
                ),
            }
            for epoch in AgentEpoch.objects.all()
        ],
    }


def unfinished() -> list[dict[str, Any]]:
    """List the durable work that is not done, for whoever wonders why."""
    from procrastinate.contrib.django.models import ProcrastinateJob

    work = ProcrastinateJob.objects.exclude(status="succeeded")
    return list(work.values("task_name", "status", "attempts", "scheduled_at", "args"))


VERBS: dict[str, Callable[..., Any]] = {
    "add_site": add_site,
    "artefact_of": artefact_of,
    "list_places": list_places,
    "order_couplings": order_couplings,
    "story": story,
    "unfinished": unfinished,
}


def main() -> None:
    """Do what is asked and tell the answer."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nearmade.cloud.settings")
    django.setup()
    json.dump(VERBS[sys.argv[1]](**json.load(sys.stdin)), sys.stdout, default=str)


if __name__ == "__main__":
    main()
