"""onnxruntime, which runs the models: loaded in one place, as it must be told first to report nothing.

The one rule: nobody else imports it. From 1.29 on it gives the machine a number, writes down which models are run on
what, and sends that to its maker, unless the environment says otherwise at the moment when it is loaded.
"""

import os
from typing import Any

SILENT = {"ORT_DISABLE_TELEMETRY": "1", "ORT_TELEMETRY_DISABLED": "1"}
"""Both names that its versions know."""


def load_onnxruntime() -> Any:
    """The module `onnxruntime`."""
    os.environ.update(SILENT)
    import onnxruntime

    return onnxruntime
