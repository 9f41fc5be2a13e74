"""`chat`: open the chat page in a browser."""

import argparse
import sys
import threading
from contextlib import ExitStack
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.commands.options import history_options, model_options, port, reading_options
from assistant.commands.running import DONE, progress_bar
from index.errors import AssistantError

if TYPE_CHECKING:
    from assistant.commands.options import Subparsers
    from assistant.settings import Settings

DEFAULT_PORT = 7860
OPEN_TO_ALL = (
    "Warning: on {host} everybody who reaches this machine over the network can read these articles, ask, add and "
    "remove. Add `--auth NAME:PASSWORD`, or listen on 127.0.0.1 alone."
)


def add_parser(commands: "Subparsers", shared: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """What the command takes."""
    chat = commands.add_parser(
        "chat",
        parents=[shared, reading_options(), model_options(), history_options()],
        help="open the chat page in a browser",
    )
    chat.description = "Serve the chat page."
    chat.add_argument("--host", default="127.0.0.1", help="the address to listen on (default: 127.0.0.1)")
    chat.add_argument("--port", type=port, default=DEFAULT_PORT, help=f"the port (default: {DEFAULT_PORT})")
    chat.add_argument("--samples", action="store_true", help="sync the sample articles first if the library is empty")
    chat.add_argument("--no-browser", action="store_true", help="do not open a browser window")
    chat.add_argument(
        "--watch", action="store_true", default=None, help="follow the remembered sources meanwhile, see `sync --watch`"
    )
    chat.add_argument(
        "--auth",
        dest="users",
        metavar="NAME:PASSWORD",
        action="append",
        default=[],
        help="ask everybody for a name and a password (give it again for more users)",
    )
    chat.add_argument(
        "--auth-file",
        metavar="FILE",
        type=Path,
        help="users as lines of NAME:PASSWORD, which no list of processes shows",
    )
    chat.add_argument(
        "--allow-host",
        dest="names",
        metavar="NAME",
        action="append",
        default=[],
        help="answer by this host name, too; without it only addresses and this machine's own name are answered",
    )
    chat.add_argument("--mcp", action="store_true", help="serve the answers as MCP tools, too, at /gradio_api/mcp/")
    return chat


def run(chosen: argparse.Namespace, settings: "Settings") -> int:
    """Serve the chat page."""
    from assistant.history import open_history
    from assistant.opening import open_in_background
    from assistant.page import launch_page
    from assistant.page.access import Access, read_users
    from assistant.page.hosts import is_loopback, own_names

    if chosen.mcp and not find_spec("mcp"):
        raise AssistantError("`--mcp` needs the package `mcp`: install it with `pip install 'article-assistant[mcp]'`")
    access = Access(read_users(chosen.users, chosen.auth_file), own_names(chosen.host, chosen.names), chosen.mcp)
    if not is_loopback(chosen.host) and not access.users:
        print(OPEN_TO_ALL.format(host=chosen.host), file=sys.stderr)
    assistant = open_in_background(settings, create=True)
    history = open_history(assistant.library.folder, settings.history)
    if chosen.samples and not assistant.summary().articles:
        from samples import samples_folder

        print("The library is empty: taking in the sample articles", file=sys.stderr)
        with progress_bar(wanted=True) as progress:
            assistant.add([samples_folder()], progress=progress)
    with ExitStack() as meanwhile:
        if settings.watch:
            from assistant.watching import print_news, watch_sources

            meanwhile.enter_context(watch_sources(assistant, print_news, threading.Event()))
        launch_page(assistant, history, chosen.host, chosen.port, open_browser=not chosen.no_browser, access=access)
    return DONE
