"""The settings: one frozen object, passed down. The only file that reads the environment."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from index.address import is_server, read_address, state_folder
from index.embedder import DEFAULT_MODEL
from index.errors import AssistantError
from index.passages import DEFAULT_BUDGET, DEFAULT_OVERLAP, Cut
from index.search import DENSE_WEIGHT, SearchMode

PREFIX = "ARTICLE_ASSISTANT_"
DEFAULT_READER = "extractive"
REFUSE_BELOW = 0.14
"""Wrong refusals are the dearer mistake here, as the nearest sentences show what they are worth: on the questions of
the fit one in twelve is refused wrongly, and half of what cannot be answered rightly. `docs/quality.md` has the table,
`python -m training.calibrate` prints it."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a user may choose.

    `reader` is `extractive`, `words` or the name of an extractive question-answering model;
    `passage_tokens` is the length of a passage, `passage_overlap` how many sentences it shares with the one before;
    `dense_weight` is the dense search's weight, where the other has 1; `candidates` how many passages are read for a
    question; below a confidence of `refuse_below` (0..1) the answer is that the articles don't say; `max_article_bytes`
    and `fetch_seconds` bound one source; `allow_private` lets URLs on private addresses be fetched;
    `host_pause` is how many seconds lie between two visits to one host; `ignore_robots` visits also what a site's
    robots.txt closes; `watch` lets the chat follow the remembered sources.

    `model` is a language model as `provider:model`, "" for none, `model_url` the address of an OpenAI-compatible
    server; `model_seconds` is its longest silence, `model_tokens` bound the passages that it is sent; with
    `refuse_first` it is not asked where the articles don't say; with `model_checks` it is asked again about sentences
    that are weakly supported. `history` is the SQLAlchemy URL of a database for conversations and votes, "" for a file
    in the library's folder. Keys are no settings: they stay in the providers' own environment variables.

    `server` is the address of a library on a Milvus server, "" where it is in the folder `library`; for one on a
    server that folder keeps what is not articles. See `index.address.Server` for `milvus_token`, `milvus_tls` and
    `milvus_consistency`.
    """

    library: Path = Path("library")
    server: str = ""
    embedding_model: str = DEFAULT_MODEL
    reader: str = DEFAULT_READER
    passage_tokens: int = DEFAULT_BUDGET
    passage_overlap: int = DEFAULT_OVERLAP
    search_mode: SearchMode = SearchMode.FUSED
    dense_weight: float = DENSE_WEIGHT
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
    history: str = ""
    milvus_token: str = field(default="", repr=False)
    milvus_tls: str = ""
    milvus_consistency: str = ""

    @property
    def cut(self) -> Cut:
        """How articles are cut into passages."""
        return Cut(self.passage_tokens, self.passage_overlap)


RECOMMENDED = "settings.json"
"""What `tune` found better for a library, in its folder."""
TUNABLE: dict[str, type[int] | type[float]] = {
    "passage_tokens": int,
    "passage_overlap": int,
    "dense_weight": float,
    "candidates": int,
    "refuse_below": float,
}
SERVER_SETTINGS = ("milvus_token", "milvus_tls", "milvus_consistency")
SETTING_NAMES = frozenset(setting.name for setting in fields(Settings))


def read_settings(environment: Mapping[str, str] | None = None, **chosen: Any) -> Settings:
    """The settings: `chosen` values that are not None, else the environment's, else those in the library's folder.

    The variables are `ARTICLE_ASSISTANT_LIBRARY`, `_EMBEDDING_MODEL`, `_READER`, `_MODEL`, `_MODEL_URL`,
    `_HISTORY`, `_ALLOW_PRIVATE`, `_IGNORE_ROBOTS` and `_WATCH` (`1` for yes); for a library on a server `_STATE` (the
    folder for what is not articles), `_MILVUS_TOKEN`, `_MILVUS_TLS` and `_MILVUS_CONSISTENCY`.

    Raises:
        LibraryError: if the library is neither a folder nor the address of a server.
    """
    environment = os.environ if environment is None else environment
    found: dict[str, Any] = {}
    if library := environment.get(PREFIX + "LIBRARY"):
        found["library"] = library
    for name in ("embedding_model", "reader", "model", "model_url", "history", *SERVER_SETTINGS):
        if value := environment.get(PREFIX + name.upper()):
            found[name] = value
    for name in ("allow_private", "ignore_robots", "watch"):
        found[name] = environment.get(PREFIX + name.upper(), "") in ("1", "true", "yes")
    found.update({name: value for name, value in chosen.items() if value is not None})
    folder: str | Path = found.get("library", Settings().library)
    if is_server(folder):
        found["server"] = str(folder) if "://" in str(folder) else str(folder).replace(":/", "://", 1)
        server = read_address(found["server"], **{name.split("_")[1]: found.get(name, "") for name in SERVER_SETTINGS})
        folder = environment.get(PREFIX + "STATE") or state_folder(server)
    found["library"] = Path(folder)
    found = read_recommended(found["library"]) | found
    found["search_mode"] = SearchMode(found.get("search_mode", SearchMode.FUSED))
    return replace(Settings(), **found)


def read_recommended(library: Path) -> dict[str, int | float]:
    """The settings that the library's folder has.

    Raises:
        AssistantError: if the file is no JSON object of settings that `tune` writes.
    """
    path = library / RECOMMENDED
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, ValueError) as error:
        raise AssistantError(f"{path} cannot be read ({error}): mend it, or remove it") from error
    wrong = (
        [name for name in kept if not _fits(name, kept[name])] if isinstance(kept, dict) else [json.dumps(kept)[:40]]
    )
    if wrong:
        raise AssistantError(
            f"{path}: {', '.join(wrong)} cannot be set so; it may set numbers for {', '.join(TUNABLE)}"
        )
    return {name: TUNABLE[name](value) for name, value in kept.items()}


def write_recommended(library: Path, settings: Mapping[str, int | float]) -> Path:
    """Write settings into the library's folder, beside those that it has; they count from the next command on.

    Raises:
        AssistantError: if the file that is there cannot be read, or it cannot be written.
    """
    path = library / RECOMMENDED
    kept = read_recommended(library) | dict(settings)
    try:
        beside = path.with_suffix(".new")
        beside.write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")
        beside.replace(path)
    except OSError as error:
        raise AssistantError(f"{path} cannot be written ({error})") from error
    return path


def _fits(name: str, value: object) -> bool:
    if name not in TUNABLE or isinstance(value, bool) or not isinstance(value, int | float):
        return False
    least = 0 if name == "passage_overlap" else 1
    return value >= 0 and (TUNABLE[name] is float or (isinstance(value, int) and value >= least))
