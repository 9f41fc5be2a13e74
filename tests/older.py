"""Libraries as earlier versions of the program left them: the steps of the migration, taken back."""

from index.database import FORMAT
from index.stored import unpack_vectors

_BACK = {
    6: (
        "UPDATE article SET text = unpacked(text)",
        "UPDATE version SET text = unpacked(text)",
        "UPDATE passage SET vector = to_half_floats(vector)",
        "UPDATE version_passage SET vector = to_half_floats(vector)",
        "DROP TABLE passage_text",
        "DROP TABLE version_text",
        "CREATE VIRTUAL TABLE passage_text USING fts5 (title, text, content = '')",
        "CREATE VIRTUAL TABLE version_text USING fts5 (title, text, content = '')",
    ),
    5: (
        "DROP INDEX passage_embedded",
        "DROP INDEX version_passage_embedded",
        "ALTER TABLE passage DROP COLUMN embedded",
        "ALTER TABLE version_passage DROP COLUMN embedded",
    ),
    4: ("DROP TABLE file_article", "DROP TABLE file"),
    3: ("DROP TABLE remembered_source", "DROP TABLE visit"),
}


def to_half_floats(stored):
    """A vector as formats before the sixth stored it."""
    return unpack_vectors([stored], len(stored))[0].astype("<f2").tobytes()


def take_back(library, wanted):
    """Bring a library back to an earlier format."""
    library.connection.create_function("to_half_floats", 1, to_half_floats)
    for number in range(FORMAT, wanted, -1):
        for statement in _BACK[number]:
            library.connection.execute(statement)
    library.connection.execute("UPDATE meta SET value = ? WHERE key = 'format'", (wanted,))
