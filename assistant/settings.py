"""The settings: one frozen object, passed down. The only file that reads the environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from index.embedder import DEFAULT_MODEL
from index.passages import DEFAULT_BUDGET
from index.search import SearchMode

PREFIX = "ARTICLE_ASSISTANT_"
DEFAULT_READER = "extractive"
REFUSE_BELOW = 0.12
"""Wrong refusals are the dearer mistake here, as the nearest sentences show what they are worth: on the questions of
the fit one in eleven is refused wrongly, and half of what cannot be answered rightly. `docs/quality.md` has the table,
`python -m training.calibrate` prints it."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a user may choose.

    `reader` is `extractive`, `words` or the name of an extractive question-answering model;
    `passage_tokens` is the length of a passage; `candidates` how many passages are read for a question; below a
    confidence of `refuse_below` (0..1) the answer is that the articles don't say; `max_article_bytes` and
    `fetch_seconds` bound one source; `allow_private` lets URLs on private addresses be fetched;
    `host_pause` is how many seconds lie between two visits to one host; `ignore_robots` visits also what a site's
    robots.txt closes; `watch` lets the chat follow the remembered sources.

    `model` is a language model as `provider:model`, "" for none, `model_url` the address of an OpenAI-compatible
    server; `model_seconds` is its longest silence, `model_tokens` bound the passages that it is sent; with
    `refuse_first` it is not asked where the articles don't say; with `model_checks` it is asked again about sentences
    that are weakly supported. Keys are no settings: they stay in the providers' own environment variables.
    """

    library: Path = Path("library")
    embedding_model: str = DEFAULT_MODEL
    reader: str = DEFAULT_READER
    passage_tokens: int = DEFAULT_BUDGET
    search_mode: SearchMode = SearchMode.FUSED
    candidates: int = 24
    max_quotes: int = 3
    refuse_below: float = REFUSE_BELOW
    max_article_bytes: int = 10_000_000
    fetch_seconds: float = 20.0
    allow_private: bool = False
    host_pause: float = 1.0
    ignore_robots: bool = False
    watch: bool = False
    model: str = ""
    model_url: str = ""
    model_seconds: float = 30.0
    model_tokens: int = 3000
    refuse_first: bool = True
    model_checks: bool = False


SETTING_NAMES = frozenset(setting.name for setting in fields(Settings))


def read_settings(environment: Mapping[str, str] | None = None, **chosen: Any) -> Settings:
    """The settings from the environment, where `chosen` values that are not None go first.

    The variables are `ARTICLE_ASSISTANT_LIBRARY`, `_EMBEDDING_MODEL`, `_READER`, `_MODEL`, `_MODEL_URL`,
    `_ALLOW_PRIVATE`, `_IGNORE_ROBOTS` and `_WATCH` (`1` for yes).
    """
    environment = os.environ if environment is None else environment
    found: dict[str, Any] = {}
    if library := environment.get(PREFIX + "LIBRARY"):
        found["library"] = Path(library)
    for name in ("embedding_model", "reader", "model", "model_url"):
        if value := environment.get(PREFIX + name.upper()):
            found[name] = value
    for name in ("allow_private", "ignore_robots", "watch"):
        found[name] = environment.get(PREFIX + name.upper(), "") in ("1", "true", "yes")
    found.update({name: value for name, value in chosen.items() if value is not None})
    found["search_mode"] = SearchMode(found.get("search_mode", SearchMode.FUSED))
    return replace(Settings(), **found)
