"""The chat page: it formats an `Answer` and decides nothing. Gradio is imported when a page is built, not before."""

from assistant.page.launch import launch_page
from assistant.page.layout import build_page

__all__ = ["build_page", "launch_page"]
