"""Functions over arrays that are compiled to machine code.

One place for the compiler's options, so that they are the same everywhere: compiled
once, kept on disk beside the module, with the rules of IEEE 754 (no fast-math: the same
input gives the same answer on every machine).
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
    machine_code: Callable[_P, _R] = numba.njit(cache=True, nogil=True)(function)
    return machine_code
