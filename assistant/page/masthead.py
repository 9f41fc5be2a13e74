"""The name of the page and the state of the library."""

from assistant.ask import Assistant
from assistant.page.templates import render
from assistant.wording import NAME, describe_library


def render_masthead(assistant: Assistant) -> str:
    """The masthead as HTML."""
    return render("masthead.html", name=NAME, library=describe_library(assistant.summary()))
