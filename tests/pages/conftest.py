"""The pages' tests ask the platform in process; built files come from the source."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import override_settings


@pytest.fixture(autouse=True)
def _a_folder_for_static_files(tmp_path: Path) -> Iterator[None]:
    with override_settings(STATIC_ROOT=tmp_path):
        yield
