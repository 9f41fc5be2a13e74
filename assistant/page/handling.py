"""What the page's events share: how they are handled, and what the page gave with one.

The one rule: what goes around Gradio's queue (`AT_ONCE`) is done at once and in order, so it is never slow work.
"""

from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import gradio as gr

QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
AT_ONCE: dict[str, Any] = {**QUIET, "queue": False}


def given(event: "gr.EventData", name: str) -> str:
    """What the page gave with an event under a name; "" for nothing."""
    data = event._data
    return str(data.get(name) or "") if isinstance(data, dict) else ""


def to_day(text: str | None) -> date | None:
    """The day that a date field gives, or the one its time is on; None for none."""
    try:
        return date.fromisoformat((text or "")[:10])
    except ValueError:
        return None
