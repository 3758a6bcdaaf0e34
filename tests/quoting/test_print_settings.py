"""Print settings refuse what no print can have, by name."""

from __future__ import annotations

import math
from dataclasses import fields, replace
from typing import Any

import pytest

from nearmade.quoting.print_settings import Motion, Speeds
from nearmade.vocabulary.errors import InvalidInput
from tests.quoting.parts import MK3S

SPEEDS, MOTION = MK3S.settings.speeds, MK3S.settings.motion
MAY_BE_ZERO = {"gap", "travel_z", "flow_mm3_s", "slow_layer_s"}


@pytest.mark.parametrize("name", [field.name for field in fields(Speeds)])
def test_a_speed_below_zero_or_no_number_is_refused_by_name(name: str) -> None:
    for wrong in (-1.0, math.nan):
        with pytest.raises(InvalidInput, match=f" {name} must be"):
            replace(SPEEDS, **{name: wrong})
    if name in MAY_BE_ZERO:
        assert getattr(replace(SPEEDS, **{name: 0.0}), name) == 0
    else:
        with pytest.raises(InvalidInput, match=f" {name} must be above zero"):
            replace(SPEEDS, **{name: 0.0})


@pytest.mark.parametrize("name", [field.name for field in fields(Motion)])
def test_a_limit_of_zero_is_refused_and_what_is_asked_may_be_zero(name: str) -> None:
    before = getattr(MOTION, name)
    several = isinstance(before, tuple)
    zero: Any = (0.0, *before[1:]) if several else 0.0
    if name in {"accelerations", "jerks"}:
        assert getattr(replace(MOTION, **{name: zero}), name) == zero
    else:
        with pytest.raises(InvalidInput, match=f" {name} must be above zero"):
            replace(MOTION, **{name: zero})
    wrong: Any = (*before[:-1], math.nan) if several else math.nan
    with pytest.raises(InvalidInput, match=f" {name} must be"):
        replace(MOTION, **{name: wrong})
