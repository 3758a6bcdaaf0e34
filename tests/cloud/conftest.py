"""What the cloud's tests share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection


@pytest.fixture
def an_empty_queue(transactional_db: None) -> Iterator[None]:
    """Work that is truly committed; Django's flush does not know its tables."""
    _empty()
    yield
    _empty()


def _empty() -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers CASCADE")
