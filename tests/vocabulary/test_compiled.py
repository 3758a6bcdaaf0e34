"""Compiled functions answer as Python does, wherever their module lies."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from nearmade.vocabulary.compiled import compiled


def _sum_of_squares(numbers: NDArray[np.float64]) -> float:
    total = 0.0
    for number in numbers:
        total += number * number
    return total


def test_a_compiled_function_answers_as_python_does() -> None:
    numbers = np.array([1.0, 2.0, 3.0])
    assert compiled(_sum_of_squares)(numbers) == 14.0


def test_a_function_whose_module_has_no_folder_is_compiled_all_the_same() -> None:
    room: dict[str, object] = {}
    exec(
        compile(
            "def twice(number):\n    return number + number\n", "<nowhere>", "exec"
        ),
        room,
    )
    twice = room["twice"]
    assert callable(twice)
    assert compiled(twice)(21) == pytest.approx(42)
