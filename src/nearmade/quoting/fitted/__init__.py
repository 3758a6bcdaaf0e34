"""What the estimators' fits came to, written by a program.

Knows: coefficients, errors and intervals by profile.
Leaves to others: how they are fitted (calibration), who borrows whose (profiles).
Public: ``LEVEL0``, ``LEVEL1``, ``LEVEL1_SUPPORTED``.
"""

from nearmade.quoting.fitted.level0 import LEVEL0
from nearmade.quoting.fitted.level1 import LEVEL1
from nearmade.quoting.fitted.supported import LEVEL1_SUPPORTED

__all__ = ["LEVEL0", "LEVEL1", "LEVEL1_SUPPORTED"]
