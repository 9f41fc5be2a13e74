"""Sample articles and questions on them, written for this project."""

from importlib import resources


def samples_folder() -> str:
    """The folder of the sample articles."""
    return str(resources.files("samples").joinpath("articles"))
