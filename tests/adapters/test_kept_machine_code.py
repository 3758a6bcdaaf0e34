"""A child that may not write still runs what is compiled already."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from nearmade.adapters.plan_gate.machine_code import copy_machine_code

CALL = """
import numpy as np
from nearmade.energy.supply.bus import BUS_FIGURES, charged_wh
charged_wh(10.0, 1.0, np.ones(BUS_FIGURES))
print(sum(charged_wh.stats.cache_hits.values()))
"""


def cache_hits(**environment: str) -> int:
    done = subprocess.run(
        [sys.executable, "-c", CALL],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return int(done.stdout)


def test_a_copy_is_found_by_the_compiler(tmp_path: Path) -> None:
    cache_hits()  # compiled and kept beside the module, if it was not yet
    copy_machine_code(tmp_path)
    assert cache_hits(NUMBA_CACHE_DIR=str(tmp_path)) == 1


def test_an_empty_folder_has_nothing_to_find(tmp_path: Path) -> None:
    assert cache_hits(NUMBA_CACHE_DIR=str(tmp_path)) == 0
