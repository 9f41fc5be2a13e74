"""Who may open the page, and by which names it may be called.

The one rule: a wrong name takes as long to refuse as a wrong password.
"""

import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from index.errors import AssistantError


@dataclass(frozen=True, slots=True)
class Access:
    """`users` with their passwords (none: everybody), the page's `names` beside addresses, whether MCP is served."""

    users: Mapping[str, str] = field(default_factory=dict)
    names: frozenset[str] = frozenset({"localhost"})
    mcp: bool = False


EVERYBODY = Access()
"""On this machine."""


def read_users(pairs: Sequence[str], file: Path | None = None) -> dict[str, str]:
    """Names with their passwords, of `name:password` each, and of such lines in a file.

    Raises:
        AssistantError: if the file cannot be read, or a pair is not of that form or repeats a name.
    """
    found = [(pair, "--auth") for pair in pairs]
    if file:
        try:
            lines = file.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise AssistantError(f"the users cannot be read from {file} ({error}): give a text file") from error
        numbered = enumerate(lines, 1)
        found += [(line, f"{file}, line {n}") for n, line in numbered if line.strip() and not line.startswith("#")]
        if not found:
            raise AssistantError(f"{file} names no users: write `name:password`, one a line")
    users: dict[str, str] = {}
    for pair, place in found:
        name, colon, password = pair.strip().partition(":")
        if not (name and colon and password):
            raise AssistantError(f"{place}: a user is given as `name:password`, with both of them")
        if name in users:
            raise AssistantError(f"{place}: the user {name!r} is given twice")
        users[name] = password
    return users


def checker(users: Mapping[str, str]) -> Callable[[str, str], bool] | None:
    """The function that tells whether a name has a password; None where everybody may come in."""

    def check(name: str, password: str) -> bool:
        known = users.get(name)
        matches = hmac.compare_digest((known or password + " ").encode(), password.encode())
        return matches and known is not None

    return check if users else None
