"""Options that several commands share. An option whose `dest` is the name of a setting sets it."""

import argparse
import re
from calendar import monthrange
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]

HIGHEST_PORT = 65535
_DATE = re.compile(r"\d{4}(-\d{1,2}(-\d{1,2})?)?", re.ASCII)
SEARCH_MODES = ("fused", "dense", "lexical")


def shared_options() -> argparse.ArgumentParser:
    """What every command takes."""
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument(
        "--library",
        metavar="DIR",
        help="the library's folder (default: library), or milvus://HOST:19530/NAME on a Milvus server, "
        "https://HOST/NAME with TLS",
    )
    shared.add_argument("--json", action="store_true", help="print JSON")
    shared.add_argument(
        "--embedding-model",
        metavar="NAME",
        help="a sentence-transformers model (default: the packaged all-MiniLM-L6-v2)",
    )
    shared.add_argument(
        "--allow-private", action="store_true", default=None, help="fetch URLs on private addresses, too"
    )
    return shared


def search_options() -> argparse.ArgumentParser:
    """How passages are found."""
    options = argparse.ArgumentParser(add_help=False)
    options.add_argument(
        "--mode",
        dest="search_mode",
        choices=SEARCH_MODES,
        metavar="MODE",
        help="fused (default), dense or lexical search",
    )
    return options


def scope_options() -> argparse.ArgumentParser:
    """Which articles are searched."""
    options = argparse.ArgumentParser(add_help=False)
    options.add_argument(
        "--source",
        dest="sources",
        metavar="NAME",
        action="append",
        default=[],
        help="only articles of this source (give it again for more)",
    )
    options.add_argument(
        "--since",
        metavar="DATE",
        type=first_day,
        help="only articles published on this day (2024-03-31), in this month (2024-03) or year (2024), or later",
    )
    options.add_argument(
        "--until", metavar="DATE", type=last_day, help="only articles published on this day, or earlier"
    )
    options.add_argument(
        "--as-of",
        metavar="DATE",
        type=last_day,
        help="from what the library held at the end of this day, with articles as they read then",
    )
    return options


def reading_options() -> argparse.ArgumentParser:
    """How passages are read."""
    options = argparse.ArgumentParser(add_help=False)
    options.add_argument(
        "--reader",
        metavar="NAME",
        help="extractive (default, the trained one), words (needs no trained network), or the name or folder of an "
        "extractive question-answering model",
    )
    return options


def model_options(
    use: str = "answer in the words of a language model, each sentence checked (default: none; quotes)",
) -> argparse.ArgumentParser:
    """Which language model writes, if any, and what."""
    options = argparse.ArgumentParser(add_help=False)
    options.add_argument(
        "--model",
        metavar="PROVIDER:MODEL",
        help=f"{use}; the key comes from the provider's own environment variable",
    )
    options.add_argument("--model-url", metavar="URL", help="the address of an OpenAI-compatible server")
    options.add_argument(
        "--model-seconds", metavar="N", type=positive, help="how long the model may be silent (default: 30)"
    )
    return options


def history_options() -> argparse.ArgumentParser:
    """Where conversations are."""
    options = argparse.ArgumentParser(add_help=False)
    options.add_argument(
        "--history",
        metavar="URL",
        help="conversations and votes are in the database of this SQLAlchemy URL, which several chats can share, such "
        "as postgresql+psycopg://user@host/name (default: history.db in the library's folder); with a password it is "
        "better given as ARTICLE_ASSISTANT_HISTORY, which no list of processes shows",
    )
    return options


def first_day(text: str) -> date:
    """A day, or the first of a month or year, as an argument's type."""
    return _days(text)[0]


def last_day(text: str) -> date:
    """A day, or the last of a month or year, as an argument's type."""
    return _days(text)[1]


def _days(text: str) -> tuple[date, date]:
    try:
        if not _DATE.fullmatch(text):
            raise ValueError
        year, month, day = (int(part) for part in (text + "-0-0").split("-")[:3])
        last = day or monthrange(year, month or 12)[1]
        return date(year, month or 1, day or 1), date(year, month or 12, last)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a date: write a day as 2024-03-31, a month as 2024-03 or a year as 2024"
        ) from None


def positive(text: str) -> int:
    """A whole number of at least 1, as an argument's type."""
    try:
        number = int(text)
    except ValueError:
        number = 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of at least 1")
    return number


def not_negative(text: str) -> int:
    """A whole number of at least 0, as an argument's type."""
    if not re.fullmatch(r"\d+", text, re.ASCII):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of at least 0")
    return int(text)


def port(text: str) -> int:
    """A port, as an argument's type."""
    number = positive(text)
    if number > HIGHEST_PORT:
        raise argparse.ArgumentTypeError(f"{text} is not a port (1 to {HIGHEST_PORT})")
    return number
