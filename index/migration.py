"""Libraries made by an earlier version of the program are brought to the present format when they are opened.

The one rule: one transaction, so a killed migration leaves the library as it was; vectors are never made again.
"""

import sqlite3

from index.database import FORMAT, Database, read_script, weigh_columns
from index.errors import LibraryError
from index.reuse import note_hashes

STEPS = {
    1: ("format_2.sql", "schema_kept.sql"),
    2: ("schema_sources.sql",),
    3: ("schema_files.sql",),
    4: ("schema_embedded.sql",),
}
"""By the format that is found: the scripts that lead to the next."""


def migrate(database: Database, found: int) -> None:
    """Bring the database from the format that was found to the present one.

    Raises:
        LibraryError: if it cannot be written; it is then as it was.
    """
    with database.reporting():
        connection = database.connection
        connection.execute("BEGIN IMMEDIATE")
        try:
            # Somebody else may have done it while this one waited.
            row = connection.execute("SELECT value FROM meta WHERE key = 'format'").fetchone()
            for step in range(int(row[0]), FORMAT):
                _take(connection, step)
            connection.execute("COMMIT")
        except BaseException as error:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            if isinstance(error, sqlite3.Error) and "readonly" in str(error):
                raise LibraryError(
                    f"the library in {database.folder} has format {found} and must be brought to format {FORMAT}, but "
                    "cannot be written: make it writable, or open a copy"
                ) from error
            raise


def _take(connection: sqlite3.Connection, step: int) -> None:
    for script in STEPS[step]:
        for statement in _statements(read_script(script)):
            connection.execute(statement)
        if "version_text" in read_script(script):
            weigh_columns(connection, "version_text")
    if "schema_embedded.sql" in STEPS[step]:
        note_hashes(connection)
    connection.execute("UPDATE meta SET value = ? WHERE key = 'format'", (step + 1,))


def _statements(script: str) -> list[str]:
    """The statements of a script; `executescript` would commit before it begins."""
    statements, pending = [], ""
    for line in script.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            statements.append(pending)
            pending = ""
    return statements
