"""The question files that the page offers: those in the library's folder, uploaded ones, and the samples'.

The one rule: a file is read from the list alone, so that a name from the browser reaches no other file.
"""

from dataclasses import dataclass
from pathlib import Path

from assistant.page.adding import keep_upload
from assistant.questions import TestQuestion, read_question_files
from index.errors import QuestionError
from samples import samples_folder

UPLOADED = "questions"
"""The folder, in the library's, where uploaded question files are kept."""
ENDING = ".jsonl"
SAMPLES = "samples"


@dataclass(frozen=True, slots=True)
class QuestionFile:
    """A question file: `key` tells it from the others, and is what the browser sends."""

    key: str
    path: Path


def list_question_files(folder: Path) -> list[QuestionFile]:
    """All question files, the library's own first."""
    own = [QuestionFile(path.name, path) for path in sorted(folder.glob(f"*{ENDING}"))]
    uploaded = [
        QuestionFile(f"{UPLOADED}/{path.name}", path) for path in sorted((folder / UPLOADED).glob(f"[!.]*{ENDING}"))
    ]
    sample = Path(samples_folder()).parent / f"questions{ENDING}"
    return [*own, *uploaded, QuestionFile(f"{SAMPLES}/{sample.name}", sample)]


def read_question_file(folder: Path, key: str) -> tuple[list[TestQuestion], list[str]]:
    """The questions of a listed file, with notices of what is odd in it.

    Raises:
        QuestionError: if it is not listed, or has a mistake; the line is named.
    """
    found = next((file for file in list_question_files(folder) if file.key == key), None)
    if found is None:
        raise QuestionError(f"there is no question file {key!r}: choose one from the list, or upload it")
    return _read(found.path, key)


def keep_question_file(folder: Path, path: Path) -> str:
    """Keep an uploaded file; its key. An earlier one of that name is replaced only by one without mistakes.

    Raises:
        QuestionError: if it is no question file, or has a mistake.
        SourceError: if it cannot be kept.
    """
    if path.suffix.lower() != ENDING:
        raise QuestionError(f"{path.name} is not named as a question file: its name must end in {ENDING}")
    _read(path, path.name)
    return f"{UPLOADED}/{keep_upload(path, folder / UPLOADED).name}"


def _read(path: Path, shown: str) -> tuple[list[TestQuestion], list[str]]:
    """Read a file; what is told of it names it as the page does, not by its place on the server."""
    try:
        questions, notices = read_question_files([path])
    except QuestionError as error:
        raise QuestionError(str(error).replace(str(path), shown)) from error
    return questions, [notice.replace(str(path), shown) for notice in notices]
