"""What an agent must not forget: its outbox, its inbox and its jobs, in SQLite.

Every change that belongs together is one transaction, on disk before it counts.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from datetime import datetime
from pathlib import Path

from nearmade.production.job import JobState, check_move
from nearmade.vocabulary.identity import JobId, MachineId

#: Numbers of a drained outbox must not come again: hence AUTOINCREMENT.
_SCHEMA = """
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS outbox (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL, at TEXT NOT NULL, body TEXT NOT NULL, coalesce_key TEXT
);
CREATE UNIQUE INDEX IF NOT EXISTS outbox_coalesce ON outbox (coalesce_key);
CREATE TABLE IF NOT EXISTS inbox (
    command_id TEXT PRIMARY KEY, kind TEXT NOT NULL, body TEXT NOT NULL,
    reply_seq INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS jobs (
    queue_no INTEGER PRIMARY KEY AUTOINCREMENT,
    job_id TEXT NOT NULL, generation INTEGER NOT NULL, machine_id TEXT NOT NULL,
    state TEXT NOT NULL, file_name TEXT NOT NULL, material TEXT NOT NULL,
    expected_s REAL NOT NULL, energy_wh REAL, gcode_sha256 TEXT NOT NULL,
    filament_mm REAL NOT NULL, started_at TEXT NOT NULL, reason TEXT NOT NULL,
    UNIQUE (job_id, generation)
);
CREATE TABLE IF NOT EXISTS uncleared (machine_id TEXT PRIMARY KEY);
"""

#: Most events in one sync.
BATCH = 200


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened, waiting for the platform to know it."""

    seq: int
    kind: str
    at: str
    body: Mapping[str, object]

    def as_dict(self) -> dict[str, object]:
        """Give plain values for JSON."""
        return {
            "seq": self.seq,
            "kind": self.kind,
            "at": self.at,
            "body": dict(self.body),
        }


@dataclass(frozen=True, slots=True)
class JobRow:
    """A job as the agent knows it.

    Parameters
    ----------
    queue_no
        Order of arrival; 0 before it is stored.
    job_id, generation, machine_id, state, file_name, material
        See ``production.job``.
    expected_s
        Print time by the slicer. [s]
    energy_wh
        By the offer; None when there was none. [Wh]
    gcode_sha256
        Name of the artefact; empty while only offered.
    filament_mm
        Counted by the gate. [mm]
    started_at
        Moment of the intent to start, ISO 8601; empty before.
    reason
        Why it failed or wants a person; empty otherwise.
    """

    queue_no: int
    job_id: JobId
    generation: int
    machine_id: MachineId
    state: JobState
    file_name: str
    material: str
    expected_s: float
    energy_wh: float | None
    gcode_sha256: str = ""
    filament_mm: float = 0.0
    started_at: str = ""
    reason: str = ""


_COLUMNS = tuple(field.name for field in fields(JobRow))


class Store:
    """The agent's database.

    Parameters
    ----------
    path
        Of the file; made when it is not there, and then the epoch is new.
    """

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path, isolation_level=None, timeout=5.0)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=FULL")
        self._db.execute("PRAGMA busy_timeout=5000")
        self._db.executescript(_SCHEMA)
        with self.transaction():
            if self.meta("epoch") is None:
                self.set_meta("epoch", secrets.token_hex(16))

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All of it or nothing; on disk when it ends."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    # --- single values

    @property
    def epoch(self) -> str:
        """Name of this database's life, 32 hex digits."""
        return self.meta("epoch") or ""

    def meta(self, name: str) -> str | None:
        """Read a value by its name."""
        row = self._db.execute(
            "SELECT value FROM meta WHERE name = ?", (name,)
        ).fetchone()
        return None if row is None else str(row[0])

    def set_meta(self, name: str, value: str) -> None:
        """Keep a value under a name."""
        self._db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, value))

    # --- outbox

    def append(self, kind: str, at: datetime, body: Mapping[str, object]) -> int:
        """Put an event last in the outbox; gives its number."""
        cursor = self._db.execute(
            "INSERT INTO outbox (kind, at, body) VALUES (?, ?, ?)",
            (kind, at.isoformat(), json.dumps(body, allow_nan=False)),
        )
        return int(cursor.lastrowid or 0)

    def telemetry(
        self, key: str, kind: str, at: datetime, body: Mapping[str, object]
    ) -> None:
        """Put a reading in the outbox, over an older one that still waits there.

        The row keeps its number: the platform acknowledges without gaps.
        """
        values = (at.isoformat(), json.dumps(body, allow_nan=False), key)
        # No upsert here: a conflicting insert uses up a number and leaves a gap.
        updated = self._db.execute(
            "UPDATE outbox SET at = ?, body = ? WHERE coalesce_key = ?", values
        )
        if updated.rowcount == 0:
            self._db.execute(
                "INSERT INTO outbox (at, body, coalesce_key, kind) VALUES (?, ?, ?, ?)",
                (*values, kind),
            )

    def pending(self, most: int = BATCH) -> list[Event]:
        """Give the oldest events that the platform has not acknowledged."""
        rows = self._db.execute(
            "SELECT seq, kind, at, body FROM outbox ORDER BY seq LIMIT ?", (most,)
        )
        return [Event(seq, kind, at, json.loads(body)) for seq, kind, at, body in rows]

    def has_news(self) -> bool:
        """Tell whether anything but readings waits in the outbox."""
        found = self._db.execute(
            "SELECT 1 FROM outbox WHERE coalesce_key IS NULL LIMIT 1"
        ).fetchone()
        return found is not None

    def acknowledge(self, ack: int) -> None:
        """Forget the events up to a number."""
        self._db.execute("DELETE FROM outbox WHERE seq <= ?", (ack,))

    def acknowledged(self) -> int:
        """Give the highest number that the platform has acknowledged."""
        first = self._db.execute("SELECT min(seq) FROM outbox").fetchone()[0]
        if first is not None:
            return int(first) - 1
        last = self._db.execute(
            "SELECT seq FROM sqlite_sequence WHERE name = 'outbox'"
        ).fetchone()
        return 0 if last is None else int(last[0])

    def begin_epoch(self) -> None:
        """Count from 1 again under a new name; what waits keeps its order.

        For a platform that was restored from a backup: it waits for events that it had
        acknowledged and that are gone here.
        """
        gone = self.acknowledged()
        rows = self._db.execute(
            "SELECT seq - ?, kind, at, body, coalesce_key FROM outbox ORDER BY seq",
            (gone,),
        ).fetchall()
        self._db.execute("DELETE FROM outbox")
        self._db.executemany("INSERT INTO outbox VALUES (?, ?, ?, ?, ?)", rows)
        self._db.execute(
            "UPDATE sqlite_sequence SET seq = ? WHERE name = 'outbox'", (len(rows),)
        )
        self._db.execute("UPDATE inbox SET reply_seq = reply_seq - ?", (gone,))
        self.set_meta("epoch", secrets.token_hex(16))

    # --- inbox

    def answer(
        self, command_id: str, kind: str, at: datetime, body: Mapping[str, object]
    ) -> None:
        """Note that a command was answered, and put the answer in the outbox."""
        seq = self.append(kind, at, body)
        self._db.execute(
            "INSERT OR REPLACE INTO inbox VALUES (?, ?, ?, ?)",
            (command_id, kind, json.dumps(body), seq),
        )

    def answered(self, command_id: str) -> bool:
        """Tell whether a command was answered."""
        found = self._db.execute(
            "SELECT 1 FROM inbox WHERE command_id = ?", (command_id,)
        ).fetchone()
        return found is not None

    def repeat_answer(self, command_id: str, at: datetime) -> None:
        """Answer again, unless the answer still waits in the outbox."""
        kind, body, seq = self._db.execute(
            "SELECT kind, body, reply_seq FROM inbox WHERE command_id = ?",
            (command_id,),
        ).fetchone()
        waits = self._db.execute(
            "SELECT 1 FROM outbox WHERE seq = ?", (seq,)
        ).fetchone()
        if waits is None:
            self.answer(command_id, kind, at, json.loads(body))

    # --- jobs

    def job(self, job_id: JobId, generation: int) -> JobRow | None:
        """Give one job."""
        rows = self._jobs("WHERE job_id = ? AND generation = ?", (job_id, generation))
        return rows[0] if rows else None

    def older_generations(self, job_id: JobId, generation: int) -> list[JobRow]:
        """Give the rows of a job that a newer generation takes the place of."""
        return self._jobs("WHERE job_id = ? AND generation < ?", (job_id, generation))

    def newest_generation(self, job_id: JobId) -> int:
        """Give the highest generation known of a job; -1 when none is."""
        row = self._db.execute(
            "SELECT max(generation) FROM jobs WHERE job_id = ?", (job_id,)
        ).fetchone()
        return -1 if row[0] is None else int(row[0])

    def jobs_in(self, *states: JobState) -> list[JobRow]:
        """Give the jobs in some states, in the order they came."""
        marks = ",".join("?" * len(states))
        return self._jobs(f"WHERE state IN ({marks}) ORDER BY queue_no", states)

    def put_job(self, row: JobRow) -> None:
        """Store a job, new or over its old row."""
        values = [getattr(row, name) for name in _COLUMNS]
        values[0] = row.queue_no or None
        marks = ",".join("?" * len(_COLUMNS))
        self._db.execute(
            f"INSERT OR REPLACE INTO jobs ({','.join(_COLUMNS)}) VALUES ({marks})",  # noqa: S608
            values,
        )

    def move_job(
        self, row: JobRow, state: JobState, *, reason: str = "", started_at: str = ""
    ) -> JobRow:
        """Take a job to its next state.

        Raises
        ------
        Conflict
            When the table of moves has no such move.
        """
        check_move(row.job_id, row.state, state)
        moved = replace(
            row, state=state, reason=reason, started_at=started_at or row.started_at
        )
        self.put_job(moved)
        return moved

    def _jobs(self, where: str, values: Sequence[object]) -> list[JobRow]:
        rows = self._db.execute(
            f"SELECT {','.join(_COLUMNS)} FROM jobs {where}",  # noqa: S608
            values,
        )
        return [_job(row) for row in rows]

    # --- beds

    def uncleared(self) -> frozenset[MachineId]:
        """Give the machines whose last build a person must take off."""
        rows = self._db.execute("SELECT machine_id FROM uncleared")
        return frozenset(MachineId(row[0]) for row in rows)

    def set_uncleared(self, machine_id: MachineId) -> None:
        """Note that a build lies on the bed."""
        self._db.execute("INSERT OR REPLACE INTO uncleared VALUES (?)", (machine_id,))

    def set_cleared(self, machine_id: MachineId) -> None:
        """Note that a person has cleared the bed."""
        self._db.execute("DELETE FROM uncleared WHERE machine_id = ?", (machine_id,))


def _job(row: Sequence[object]) -> JobRow:
    values = dict(zip(_COLUMNS, row, strict=True))
    values["state"] = JobState(str(values["state"]))
    return JobRow(**values)  # type: ignore[arg-type]
