"""The two databases of the history, one face: SQLite by default, PostgreSQL for several gateways.

Statements are written with `?`; whatever a database can't do now is `HistoryUnavailable` with a closed word.
"""

import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from gateway.observe.history_schema import COMPACT, MIGRATIONS

MIGRATION_LOCK = 7_615_201_126  # PostgreSQL: any number that is nobody else's
_CONNECT_S = 5
_STATEMENT_MS = 60_000

Row = Sequence[Any]


class HistoryUnavailable(Exception):
    """`cause`: "absent", "locked", "full", "corrupt", "unreachable", "data" (a row it won't take), "newer", "other"."""

    def __init__(self, cause: str, text: str) -> None:
        super().__init__(text)
        self.cause = cause


class Database(Protocol):
    """What the history needs of a database."""

    def run(self, statement: str, values: Sequence[Any] = ()) -> list[Row]:
        """Run one statement: its rows, or a row with the number of rows changed. Raises HistoryUnavailable."""
        ...

    def run_many(self, statement: str, rows: Iterable[Sequence[Any]]) -> None:
        """Run one statement for each row. Raises HistoryUnavailable."""
        ...

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing. Raises HistoryUnavailable."""
        ...

    def lock_migrations(self) -> None:
        """Let nobody else migrate until the transaction ends."""
        ...

    def close(self) -> None:
        """End it; never raises."""
        ...


def open_database(url: str, *, create: bool, wait_s: float = 5.0) -> Database:
    """Open and migrate. `create`: make what is missing. Raises HistoryUnavailable."""
    database: Database
    if url.startswith("sqlite:///"):
        database = SqliteDatabase(Path(url.removeprefix("sqlite:///")), create=create, wait_s=wait_s)
    else:
        from gateway.observe.history_postgres import PostgresDatabase

        database = PostgresDatabase(url, connect_s=_CONNECT_S, statement_ms=_STATEMENT_MS)
    try:
        migrate(database)
    except BaseException:
        database.close()
        raise
    return database


def migrate(database: Database) -> None:
    """Bring the tables up to date, once, however many gateways start at the same time."""
    with database.transaction():
        database.lock_migrations()
        database.run("CREATE TABLE IF NOT EXISTS migration (number INTEGER PRIMARY KEY, at TEXT NOT NULL)")
        done = {int(row[0]) for row in database.run("SELECT number FROM migration")}
        if done and max(done) > len(MIGRATIONS):
            raise HistoryUnavailable("newer", "the history was written by a newer version")
        for number, statements in enumerate(MIGRATIONS, 1):
            if number not in done:
                for statement in statements:
                    database.run(statement)
                at = datetime.now(UTC).isoformat(timespec="seconds")
                database.run("INSERT INTO migration VALUES (?, ?)", (number, at))


class SqliteDatabase:
    """A file."""

    def __init__(self, file: Path, *, create: bool, wait_s: float) -> None:
        self.file = file
        if not file.exists():
            if not create:
                raise HistoryUnavailable("absent", f"{file}: is not there: nothing was recorded yet")
            _make_private(file)
        try:
            self._connection = sqlite3.connect(file, timeout=wait_s, isolation_level=None)
        except sqlite3.Error as error:
            raise _sqlite_fault(error, file) from None
        with self._faults():
            for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "secure_delete=ON"):
                self._connection.execute(f"PRAGMA {pragma}")

    def run(self, statement: str, values: Sequence[Any] = ()) -> list[Row]:
        """See Database."""
        with self._faults():
            cursor = self._connection.execute(statement.replace(COMPACT, "WITHOUT ROWID"), values)
            return cursor.fetchall() if cursor.description else [(cursor.rowcount,)]

    def run_many(self, statement: str, rows: Iterable[Sequence[Any]]) -> None:
        """See Database."""
        with self._faults():
            self._connection.executemany(statement, rows)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """See Database."""
        with self._faults():
            self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            if self._connection.in_transaction:  # SQLite itself ends it when the disk is full
                self._connection.execute("ROLLBACK")
            raise
        with self._faults():
            self._connection.execute("COMMIT")

    def lock_migrations(self) -> None:
        """The transaction already holds the file."""

    def close(self) -> None:
        """See Database."""
        self._connection.close()

    @contextmanager
    def _faults(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise _sqlite_fault(error, self.file) from None
        except (UnicodeEncodeError, OverflowError):
            raise HistoryUnavailable("data", "a value that no database takes") from None


_SQLITE_CAUSES = {
    sqlite3.SQLITE_BUSY: "locked",
    sqlite3.SQLITE_LOCKED: "locked",
    sqlite3.SQLITE_FULL: "full",
    sqlite3.SQLITE_IOERR: "full",
    sqlite3.SQLITE_CORRUPT: "corrupt",
    sqlite3.SQLITE_NOTADB: "corrupt",
    sqlite3.SQLITE_CANTOPEN: "unreachable",
    sqlite3.SQLITE_READONLY: "unreachable",
    sqlite3.SQLITE_PERM: "unreachable",
    sqlite3.SQLITE_TOOBIG: "data",
    sqlite3.SQLITE_MISMATCH: "data",
    sqlite3.SQLITE_CONSTRAINT: "data",
}


def _sqlite_fault(error: sqlite3.Error, file: Path) -> HistoryUnavailable:
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:  # the module's own complaint about a value, such as a text that is no Unicode
        return HistoryUnavailable("data", "a value that no database takes")
    cause = _SQLITE_CAUSES.get(code & 0xFF, "other")
    return HistoryUnavailable(cause, f"{file}: {error.sqlite_errorname}")


def _make_private(file: Path) -> None:
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            if os.geteuid() == 0:  # what root's command makes, the service must go on writing
                owner = file.parent.stat()
                os.fchown(handle, owner.st_uid, owner.st_gid)
        finally:
            os.close(handle)
    except OSError as error:
        raise HistoryUnavailable("unreachable", f"{file}: cannot be made: {error.strerror}") from None


def move_aside(url: str) -> Path | None:
    """Put a broken SQLite file out of the way, to be looked at; its new name, None for PostgreSQL. Raises OSError."""
    if not url.startswith("sqlite:///"):
        return None
    file = Path(url.removeprefix("sqlite:///"))
    aside = file.with_name(f"{file.name}.corrupt-{datetime.now(UTC):%Y%m%dT%H%M%S%f}")
    for suffix in ("-wal", "-shm", ""):
        source = file.with_name(file.name + suffix)
        if source.exists():
            source.rename(aside.with_name(aside.name + suffix))
    return aside


def remove_old_asides(url: str, before: datetime) -> None:
    """Remove broken files that were put aside before then. Raises HistoryUnavailable."""
    if not url.startswith("sqlite:///"):
        return
    file = Path(url.removeprefix("sqlite:///"))
    try:
        for aside in file.parent.glob(f"{file.name}.corrupt-*"):
            if aside.stat().st_mtime < before.timestamp():
                aside.unlink()
    except OSError as error:
        raise HistoryUnavailable("unreachable", f"{file.parent}: {error.strerror}") from None
