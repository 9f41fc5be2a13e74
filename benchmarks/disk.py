"""What a library takes on the disk beside its text, part by part: `python -m benchmarks.disk LIBRARY`."""

from pathlib import Path

from benchmarks.corpora import parser, report
from index.local import open_library

TEXT = "SELECT sum(length(CAST(unpacked(text) AS BLOB))), sum(length(CAST(text AS BLOB))) FROM article"
VECTORS = "SELECT sum(length(vector)) FROM passage"
WORDS = "SELECT sum(length(block)) FROM passage_text_data"


def main() -> None:
    """Add up."""
    arguments = parser(__doc__)
    arguments.add_argument("library", type=Path)
    chosen = arguments.parse_args()
    library = open_library(chosen.library)
    ((text, packed),), ((vectors,),), ((words,),) = (library.all(query) for query in (TEXT, VECTORS, WORDS))
    files = {file.name: file.stat().st_size for file in sorted(chosen.library.iterdir()) if file.is_file()}
    mega = 1 << 20
    report(
        {
            "articles": library.summarise().articles,
            "text, MB": text / mega,
            "text as it is stored, MB": packed / mega,
            "vectors, MB": vectors / mega,
            "full text, MB": words / mega,
            **{f"{name}, MB": size / mega for name, size in files.items() if size},
            "whole, times the text": sum(files.values()) / text,
        },
        chosen,
    )


if __name__ == "__main__":
    main()
