"""Functions over arrays that are compiled to machine code.

One place for the compiler's options, so that they are the same everywhere: compiled
once, kept on disk beside the module where that can be written, with the rules of IEEE
754 (no fast-math: the same input gives the same answer on every machine).

What is kept is renewed when its own module changes, not when a function that it calls
from another module does; ``tools/set_up.py`` clears it then.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

import numba

_P = ParamSpec("_P")
_R = TypeVar("_R")


def compiled(function: Callable[_P, _R]) -> Callable[_P, _R]:
    """Compile a function of numbers and arrays at its first call.

    Only what the compiler knows may stand in it: numbers, arrays, loops, and other
    compiled functions.

    References
    ----------
    S. K. Lam, A. Pitrou, S. Seibert, "Numba: a LLVM-based Python JIT compiler",
    LLVM-HPC 2015, doi:10.1145/2833157.2833162.
    """
    machine_code: Callable[_P, _R]
    try:
        machine_code = numba.njit(cache=True, nogil=True)(function)
    except RuntimeError:  # no folder to keep it in: compiled anew in each process
        machine_code = numba.njit(nogil=True)(function)
    return machine_code
