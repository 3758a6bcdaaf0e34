"""The machine code that is kept beside our modules, for a child that may not write."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from numba.core.caching import UserProvidedCacheLocator

import nearmade

#: The name of the folder that the compiler looks into for a module's code.
_folder_name: Callable[[str], str] = UserProvidedCacheLocator.get_suitable_cache_subpath


def copy_machine_code(target: Path) -> None:
    """Copy what is compiled already to where ``NUMBA_CACHE_DIR`` may point.

    Without it a child in the sandbox would compile everything anew each time. It gets
    a copy of its own, so that nothing it writes is run by others.

    Parameters
    ----------
    target
        An empty folder.
    """
    for root in nearmade.__path__:
        for kept in Path(root).rglob("__pycache__/*.nb[ic]"):
            # It goes by the module's folder alone; any file in it will do.
            name = _folder_name(str(kept.parent.parent / "any.py"))
            folder = target / name
            folder.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(kept, folder / kept.name)
