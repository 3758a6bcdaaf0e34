"""Read a network of facilities from a JSON file.

The file is an object with ``facilities``, a list of records as
``nearmade.facilities.record`` reads them; what else it holds is for people.
"""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Final

from nearmade.facilities.facility import Facility
from nearmade.facilities.record import facility_from_record
from nearmade.vocabulary.errors import InvalidInput, NotFound

#: A hundred thousand facilities take about this much. [bytes]
MOST_BYTES: Final = 256 * 1024 * 1024
#: So many facilities with faults are named before the rest is only counted.
MOST_COMPLAINTS: Final = 10
_NAME_ONE: Final = "name a network file, such as examples/networks/demo.json"


def load_network(path: Path) -> tuple[Facility, ...]:
    """Read every facility of a network file, in its order.

    Raises
    ------
    NotFound
        When there is no such file.
    InvalidInput
        When it is not JSON of that shape, a record is refused, or two share an id;
        the message names each record's faults.
    """
    try:
        state = path.stat()
        if not stat.S_ISREG(state.st_mode):
            raise InvalidInput(
                f"network {path.name}: is no regular file", remedy=_NAME_ONE
            )
        if state.st_size > MOST_BYTES:
            raise InvalidInput(
                f"network {path.name}: larger than {MOST_BYTES} bytes",
                remedy="split it into several files",
            )
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise NotFound(f"network {path}: no such file", remedy=_NAME_ONE) from error
    except (OSError, ValueError, RecursionError) as error:
        raise InvalidInput(
            f"network {path.name}: not JSON: {error}", remedy=_NAME_ONE
        ) from error
    records = content.get("facilities") if isinstance(content, dict) else None
    if not isinstance(records, list):
        raise InvalidInput(
            f"network {path.name}: facilities must be a list", remedy=_NAME_ONE
        )
    facilities: dict[str, Facility] = {}
    complaints: list[str] = []
    for index, record in enumerate(records):
        try:
            facility = facility_from_record(record)
        except InvalidInput as error:
            complaints.append(f"facilities[{index}]: {error.message}")
            continue
        if facility.id in facilities:
            complaints.append(f"facilities[{index}]: id {facility.id} is there twice")
        facilities[facility.id] = facility
    if complaints:
        more = len(complaints) - MOST_COMPLAINTS
        tail = f"; and {more} more" if more > 0 else ""
        raise InvalidInput(
            f"network {path.name}: {'; '.join(complaints[:MOST_COMPLAINTS])}{tail}",
            code="network-refused",
            remedy="mend the fields named",
        )
    return tuple(facilities.values())
