"""Tests touch nobody's data."""

from __future__ import annotations

import tempfile
from pathlib import Path

from django.conf import settings


def test_the_data_folder_of_the_tests_is_thrown_away_after_them() -> None:
    assert settings.CONFIGURATION.data_dir.parent == Path(tempfile.gettempdir())
    assert settings.CONFIGURATION.demo
