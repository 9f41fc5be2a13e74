"""Our errors as Gradio's, whose messages reach the page, or the program that asked.

The one rule: only an `AssistantError` is told; whatever else goes wrong is nobody's business but the log's.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from index.errors import AssistantError


@contextmanager
def as_gradio() -> Iterator[None]:
    """Tell of an error inside; also the decorator of a function."""
    try:
        yield
    except AssistantError as error:
        import gradio as gr

        raise gr.Error(str(error), print_exception=False) from error
