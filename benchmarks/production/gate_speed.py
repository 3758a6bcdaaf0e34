"""How fast the G-code gate reads: lines a second on a made-up file.

Run: ``python benchmarks/production/gate_speed.py``. The file is like a sliced one:
moves with X, Y and E, now and then a travel, a retraction or a layer change.
"""

from __future__ import annotations

import time

from nearmade.production.gcode.gate import check_gcode
from nearmade.production.gcode.limits import GateLimits

LAYERS, MOVES = 250, 800
ROUNDS = 5

#: Slower than this on any machine of today means that something was broken.
LEAST_LINES_S = 100_000

LIMITS = GateLimits((-4, -4, 0), (250, 210, 210), 235, 65, 1e6)


def made_up_file() -> bytes:
    """Write a file of some 200,000 lines."""
    lines = ["G21", "G90", "M83", "M140 S60", "M104 S205", "M190 S60", "M109 S205"]
    lines += ["G28"]
    for layer in range(LAYERS):
        lines += [f"G1 Z{0.2 * (layer + 1):.1f} F720", "G1 E-.8 F2100", "G1 X20 Y20"]
        lines += ["G1 E.8 F2100", "M73 P1 R19"]
        lines += [
            f"G1 X{20 + move % 97 * 1.731:.3f} Y{20 + move % 83 * 1.913:.3f} E.02082"
            for move in range(MOVES)
        ]
    return "\n".join([*lines, "M104 S0", "M140 S0", "M84", ""]).encode()


def lines_per_second(content: bytes) -> float:
    """Time the gate by the processor's clock; the best of a few rounds."""
    best_s = float("inf")
    for _ in range(ROUNDS):
        begun_s = time.process_time()
        report = check_gcode(content, LIMITS)
        best_s = min(best_s, time.process_time() - begun_s)
        assert report.accepted, report.reasons
    return report.lines / best_s


if __name__ == "__main__":
    speed = lines_per_second(made_up_file())
    print(f"gate: {speed:,.0f} lines/s")
    assert speed > LEAST_LINES_S
