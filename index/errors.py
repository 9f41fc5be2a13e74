"""The exceptions of the product, stated once. Each message tells what was wrong and the remedy.

AssistantError
  SourceError     a source could not be read (file, row, page, feed)
    HttpError     ... because its server answered with an error
  LibraryError    the library on disk cannot be used as it is
    LibraryBusyError  ... because another sync is writing to it
  ModelError      a model is missing, damaged or of another kind than the library's
  GenerationError a language model gave no answer that can be used
  QuestionError   a question or a question file cannot be used
"""


class AssistantError(Exception):
    """What every foreseen failure derives from: shown to the user as one plain line, never as a traceback."""


class SourceError(AssistantError):
    """A source could not be read."""


class HttpError(SourceError):
    """A server answered with an error: its status, and after how many seconds it wants to be asked again, or 0."""

    def __init__(self, message: str, status: int, retry_after: float = 0.0) -> None:
        """Take what is told, and what decides when to try again."""
        super().__init__(message)
        self.status = status
        self.retry_after = retry_after


class LibraryError(AssistantError):
    """The library on disk cannot be used as it is."""


class LibraryBusyError(LibraryError):
    """Another sync is writing to the library."""


class ModelError(AssistantError):
    """A model is missing, damaged, or another one than the library was embedded with."""


class GenerationError(AssistantError):
    """A language model gave no answer that can be used; the quoted answer stands."""


class QuestionError(AssistantError):
    """A question or a question file cannot be used."""
