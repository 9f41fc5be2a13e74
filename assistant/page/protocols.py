"""What the page needs of an assistant; `assistant.ask.Assistant` is one."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

from assistant.answer import Answer
from index.library import Summary
from index.sync import SyncReport


class Answering(Protocol):
    """Answers questions from a library and takes articles into it, from many threads at once."""

    def stream(self, question: str) -> Iterator[str | Answer]:
        """Tell each step in words, then give the answer as the last item; raises `AssistantError`."""
        ...

    def summary(self) -> Summary:
        """What the library holds now."""
        ...

    def add(self, sources: Sequence[str]) -> SyncReport:
        """Take in files, folders, URLs or feeds; raises `AssistantError`."""
        ...

    def add_text(self, title: str, text: str) -> SyncReport:
        """Take in pasted text; raises `AssistantError`."""
        ...


class Shelf(Protocol):
    """A library that lies in a folder."""

    @property
    def folder(self) -> Path:
        """Where the library lies."""
        ...


class Launchable(Answering, Protocol):
    """An assistant whose library lies in a folder, where uploaded files are kept beside it."""

    @property
    def library(self) -> Shelf:
        """The library that is answered from."""
        ...
