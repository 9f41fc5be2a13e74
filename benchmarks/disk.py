"""What a library takes on the disk beside its text, part by part: `python -m benchmarks.disk LIBRARY`."""

from pathlib import Path

from benchmarks.corpora import parser, report
from index.library import open_library

TEXT = "SELECT sum(length(CAST(text AS BLOB))) FROM article"
VECTORS = "SELECT sum(length(vector)) FROM passage"


def main() -> None:
    """Add up."""
    arguments = parser(__doc__)
    arguments.add_argument("library", type=Path)
    chosen = arguments.parse_args()
    library = open_library(chosen.library)
    ((text,),), ((vectors,),) = library.all(TEXT), library.all(VECTORS)
    files = {file.name: file.stat().st_size for file in sorted(chosen.library.iterdir()) if file.is_file()}
    mega = 1 << 20
    report(
        {
            "articles": library.summarise().articles,
            "text, MB": text / mega,
            "vectors as float16, MB": vectors / mega,
            **{f"{name}, MB": size / mega for name, size in files.items() if size},
            "whole, times the text": sum(files.values()) / text,
        },
        chosen,
    )


if __name__ == "__main__":
    main()
