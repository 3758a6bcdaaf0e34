"""The worker process: runs durable work, and heals what a dead worker left."""

from __future__ import annotations

import os

import django


def main() -> None:
    """Run until told to stop."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nearmade.cloud.settings")
    django.setup()
    from django.conf import settings
    from procrastinate.contrib.django import app

    stalled_after_s = settings.CONFIGURATION.stalled_after_s
    connector = app.connector.get_worker_connector()  # type: ignore[attr-defined]
    with app.replace_connector(connector) as worker:
        worker.run_worker(
            concurrency=3,
            fetch_job_polling_interval=1.0,
            update_heartbeat_interval=stalled_after_s / 3,
            stalled_worker_timeout=stalled_after_s,
            delete_jobs="successful",
        )


if __name__ == "__main__":
    main()
