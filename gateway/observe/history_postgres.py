"""PostgreSQL as the history's database (optional: `pip install vitalgate[postgres]`)."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from gateway.observe.history_database import MIGRATION_LOCK, HistoryUnavailable, Row

try:
    import psycopg
except ImportError as missing:
    raise HistoryUnavailable("unreachable", "psycopg is not installed: pip install 'vitalgate[postgres]'") from missing


class PostgresDatabase:
    """One connection. The URL may hold a password: it stands in no error."""

    def __init__(self, url: str, *, connect_s: int, statement_ms: int) -> None:
        try:
            self._connection = psycopg.connect(
                url,
                autocommit=True,
                connect_timeout=connect_s,
                application_name="vitalgate",
                options=f"-c statement_timeout={statement_ms} -c lock_timeout={connect_s * 1000} -c timezone=UTC",
                keepalives_idle=30,
                tcp_user_timeout=30_000,
            )
        except (psycopg.Error, OSError) as error:
            raise _fault(error) from None

    def run(self, statement: str, values: Sequence[Any] = ()) -> list[Row]:
        """See Database."""
        with self._faults():
            cursor = self._connection.execute(_translated(statement), values)
            return list(cursor.fetchall()) if cursor.description else [(cursor.rowcount,)]

    def run_many(self, statement: str, rows: Iterable[Sequence[Any]]) -> None:
        """See Database."""
        with self._faults(), self._connection.cursor() as cursor:
            cursor.executemany(_translated(statement), rows)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """See Database."""
        with self._faults(), self._connection.transaction():
            yield

    def lock_migrations(self) -> None:
        """See Database."""
        self.run("SELECT pg_advisory_xact_lock(?)", (MIGRATION_LOCK,))

    def close(self) -> None:
        """See Database."""
        self._connection.close()

    @contextmanager
    def _faults(self) -> Iterator[None]:
        try:
            yield
        except (psycopg.Error, OSError) as error:
            raise _fault(error) from None
        except UnicodeEncodeError:
            raise HistoryUnavailable("data", "a value that no database takes") from None


def _translated(statement: str) -> Any:
    return statement.replace("?", "%s").encode()


def _fault(error: Exception) -> HistoryUnavailable:
    state = getattr(error, "sqlstate", None) or ""
    if isinstance(error, psycopg.DataError | psycopg.IntegrityError):
        return HistoryUnavailable("data", f"a value that PostgreSQL does not take ({state or type(error).__name__})")
    if state.startswith("53"):  # insufficient resources: disk full, out of memory, too many connections
        return HistoryUnavailable("full", f"PostgreSQL is out of resources ({state})")
    if state in ("55P03", "57014", "40P01", "40001"):
        return HistoryUnavailable("locked", f"PostgreSQL is busy ({state})")
    if isinstance(error, psycopg.OperationalError | psycopg.InterfaceError | OSError):
        return HistoryUnavailable("unreachable", f"PostgreSQL can't be reached ({state or type(error).__name__})")
    return HistoryUnavailable("other", f"PostgreSQL refuses ({state or type(error).__name__})")
