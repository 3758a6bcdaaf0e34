"""The child: read three files, check the plan, write its picture, end.

Run as ``python -m nearmade.adapters.plan_gate.child GIVEN ANSWER`` by the gate, in the
sandbox.
"""

from __future__ import annotations

import gzip
import json
import sys
import time
from pathlib import Path
from typing import Any, Final

from nearmade.adapters.plan_files import read_plan_input, read_record
from nearmade.planning.network.explain import explain
from nearmade.planning.network.picture import picture_of
from nearmade.planning.network.plan import NetworkPlan
from nearmade.planning.network.plan_record import (
    checksum,
    origin_from_record,
    plan_from_record,
    stated_faults,
    weights_from_record,
)
from nearmade.planning.network.side_by_side import solve_scenarios
from nearmade.planning.network.verify import Verdict, verify
from nearmade.planning.network.weights import PricedProblem, price_problem
from nearmade.vocabulary.errors import InvalidInput, NearmadeError

#: What one file may be when it is no longer compressed. [byte]
MOST_BYTES: Final = 512 * 2**20
#: Larger plans are not planned in other ways, and for so long for each. [s]
MOST_COMPONENTS: Final = 5_000
SECONDS: Final = 3.0
_GZIP: Final = b"\x1f\x8b"


def main(given: Path, answer: Path) -> None:
    """Read ``given`` and leave a picture or a refusal in ``answer``."""
    try:
        _picture(given, answer)
    except NearmadeError as refusal:
        said = {"message": refusal.message, "remedy": refusal.remedy}
        (answer / "refusal.json").write_text(json.dumps(said), encoding="utf-8")


def _leave(picture: dict[str, Any], answer: Path) -> None:
    """Write a picture, whole or not at all."""
    part = answer / "picture.part"
    part.write_text(
        json.dumps(picture, allow_nan=False, separators=(",", ":")), encoding="utf-8"
    )
    part.replace(answer / "picture.json")


def _picture(given: Path, answer: Path) -> None:
    """Leave a plan's picture, and once more with other ways where time is left."""
    network, orders, plan = (
        _plain(given / name, answer) for name in ("network", "orders", "plan")
    )
    read = read_plan_input(network, orders)
    record, _ = read_record(plan)
    origin = origin_from_record(record)
    weights = weights_from_record(record.get("weights"))
    choice = plan_from_record(record, read.made)
    priced = price_problem(read.made.problem, weights)
    verdict = verify(priced, choice)
    changed = []
    if checksum(record) != record.get("sha256"):
        changed.append("the plan was changed after it was written")
    for name, true in (
        ("network", read.network_sha256),
        ("orders", read.orders_sha256),
    ):
        if getattr(origin, f"{name}_sha256") != true:
            changed.append(f"the plan was made from other {name}")
    told = (
        *changed,
        *verdict.faults,
        *stated_faults(record, read.made, choice, verdict),
    )
    verdict = Verdict(told, verdict.evaluation, verdict.bound_usd)
    reasons = (
        []
        if changed
        else explain(read.made, priced, choice, starts=read.made.network.first_day)
    )
    picture = picture_of(read.made, choice, weights, verdict, reasons, origin.method)
    picture["scenarios"] = []
    _leave(picture, answer)
    if verdict.stands:
        picture["scenarios"] = _other_ways(priced, choice)
        _leave(picture, answer)


def _other_ways(priced: PricedProblem, choice: NetworkPlan) -> list[dict[str, Any]]:
    """Plan the same orders otherwise, where that takes little of the child's time."""
    if len(choice.candidate) > MOST_COMPONENTS:
        return []
    _, rows = solve_scenarios(
        priced, seconds=SECONDS, clock=time.monotonic, known=choice
    )
    return rows


def _plain(file: Path, answer: Path) -> Path:
    """Give a file as JSON; one that is compressed is written out, up to a limit."""
    with file.open("rb") as start:
        if start.read(2) != _GZIP:
            return file
    target = answer / f"{file.name}.json"
    left = MOST_BYTES
    try:
        with gzip.open(file) as source, target.open("wb") as sink:
            while piece := source.read(2**20):
                left -= len(piece)
                if left < 0:
                    raise InvalidInput(
                        f"{file.name}: larger than {MOST_BYTES // 2**20} MiB",
                        remedy="plan by region, each in its own files",
                    )
                sink.write(piece)
    except (OSError, EOFError) as error:
        raise InvalidInput(
            f"{file.name}: broken gzip", remedy="compress it again"
        ) from error
    return target


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
