"""Libraries made by an earlier version of the program are brought to the present format when they are opened.

The one rule: one transaction, so a killed migration leaves the library as it was; vectors are never made again.
"""

import sqlite3

from index.database import FORMAT, Database, give_back, read_script
from index.errors import LibraryError
from index.reuse import note_hashes
from index.stored import from_half_floats, pack_text
from index.text_rows import CURRENT, EARLIER, fill_text, weigh_columns

STEPS = {
    1: ("format_2.sql", "schema_kept.sql"),
    2: ("schema_sources.sql",),
    3: ("schema_files.sql",),
    4: ("schema_embedded.sql",),
    5: ("format_6.sql",),
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
        give_back(connection)


def _take(connection: sqlite3.Connection, step: int) -> None:
    connection.create_function("packed", 1, pack_text)
    connection.create_function("from_half_floats", 1, from_half_floats)
    for script in STEPS[step]:
        for statement in _statements(read_script(script)):
            connection.execute(statement)
    if "schema_embedded.sql" in STEPS[step]:
        note_hashes(connection)
    if "format_6.sql" in STEPS[step]:
        for table in (CURRENT, EARLIER):
            fill_text(connection, table)
            weigh_columns(connection, table)
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
