"""The commands, one module each: `add_parser` says what it takes, `run` does it.

The one rule: importing a module here is cheap; what is heavy is imported by the command that runs.
"""

NAMES = (
    "sync",
    "sources",
    "ask",
    "talk",
    "search",
    "evaluate",
    "questions",
    "tune",
    "status",
    "remove",
    "changes",
    "backup",
    "restore",
    "recover",
    "reembed",
    "migrate",
    "chat",
)
"""In the order that `--help` shows."""
