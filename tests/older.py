"""Libraries as earlier versions of the program left them: the steps of the migration, taken back."""

from index.database import FORMAT

_BACK = {
    5: (
        "DROP INDEX passage_embedded",
        "DROP INDEX version_passage_embedded",
        "ALTER TABLE passage DROP COLUMN embedded",
        "ALTER TABLE version_passage DROP COLUMN embedded",
    ),
    4: ("DROP TABLE file_article", "DROP TABLE file"),
    3: ("DROP TABLE remembered_source", "DROP TABLE visit"),
}


def take_back(library, wanted):
    """Bring a library back to an earlier format."""
    for number in range(FORMAT, wanted, -1):
        for statement in _BACK[number]:
            library.connection.execute(statement)
    library.connection.execute("UPDATE meta SET value = ? WHERE key = 'format'", (wanted,))
