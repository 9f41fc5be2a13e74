"""What every tab of the page is built from."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.ask import Assistant
from assistant.history import History

if TYPE_CHECKING:
    import gradio as gr


@dataclass(frozen=True, slots=True)
class Parts:
    """The finished parts: who answers, where uploaded files are kept, and where conversations are."""

    assistant: Assistant
    uploads: Path
    history: History


@dataclass(frozen=True, slots=True)
class Shell:
    """What all tabs share on the page: the masthead tells of the library, and is given anew when that has changed."""

    masthead: "gr.HTML"
