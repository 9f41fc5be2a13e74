"""The page's HTML templates. The one rule: they escape every value, so that text can never become markup."""

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Environment

FOLDER = Path(__file__).parent
ACTS = """
const act = (event, source) => {
  const form = source.closest("form");
  trigger(source.dataset.act, { ...source.dataset, ...(form ? Object.fromEntries(new FormData(form)) : {}) });
};
element.addEventListener("click", (event) => {
  const source = event.target.closest("[data-act]");
  if (source && source.tagName !== "FORM") act(event, source);
});
element.addEventListener("submit", (event) => {
  event.preventDefault();
  if (event.target.dataset.act) act(event, event.target);
});
"""
"""For `gr.HTML(js_on_load=...)`: an element with `data-act="vote"` triggers the event of that name, with its other data
attributes and the fields of its form. The name has to stand in the script, which `acts` sees to; `submit` is the act
that asks the question in `data-question`, as Gradio joins several triggers in one event for its own names alone."""


def acts(*names: str) -> str:
    """The script that makes elements with `data-act` of these names trigger the component's events."""
    return f"/* {' '.join(repr(name) for name in names)} */{ACTS}"


@lru_cache(maxsize=1)
def _environment() -> "Environment":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    from assistant.page.citations import citation_id
    from assistant.wording import count, write_date

    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(citation_id=citation_id, count=count, write_date=write_date)
    return environment


def render(template: str, **values: object) -> str:
    """Fill a template of this folder; a value that it needs and does not get is an error."""
    return _environment().get_template(template).render(**values)
