"""Fills the templates of `prompts/`: rules for the model above the line `---`, what it is to work on below it.

The one rule: text of articles and of users cannot end the element that it stands in, so that it stays data.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from string import Template

from assistant.referents import Exchange
from assistant.wording import name_source, write_date
from index.records import Hit

LINE = "\n---\n"
BY_DATE = (
    "- The passages come in order of date, the newest first. Begin with the latest statement and say its date; tell "
    "what changed."
)
_ELEMENT = re.compile(r"<(?=\s*/?\s*(?:passages?|conversation|sentence)\b)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a chat model is given: its `rules` and the `task`."""

    rules: str
    task: str


def answer_prompt(question: str, hits: Sequence[Hit], *, by_date: bool) -> Prompt:
    """To answer a question from passages, numbered from 1."""
    passages = "\n".join(_passage(number, hit) for number, hit in enumerate(hits, 1))
    return _fill("answer", question=as_data(question), passages=passages, order=BY_DATE if by_date else "")


def condense_prompt(question: str, earlier: Sequence[Exchange]) -> Prompt:
    """To make a follow-up stand alone."""
    conversation = "\n".join(
        f"Question: {as_data(one.question)}\nAnswer: {as_data(one.quoted) or '-'}" for one in earlier
    )
    return _fill("condense", question=as_data(question), conversation=conversation)


def check_prompt(sentence: str, passage: str) -> Prompt:
    """To check a sentence against a passage."""
    return _fill("check", sentence=as_data(sentence), passage=as_data(passage))


def questions_prompt(title: str, passage: str, number: int) -> Prompt:
    """To write questions that a passage answers."""
    title = as_data(title).replace('"', "”")
    return _fill("questions", title=title, passage=as_data(passage), number=str(number))


def as_data(text: str) -> str:
    """Text in which no tag of the prompts opens or ends."""
    return _ELEMENT.sub("‹", text)


def _passage(number: int, hit: Hit) -> str:
    article = hit.article
    told = {
        "number": str(number),
        "title": article.title,
        "source": name_source(article),
        "date": write_date(article.published) if article.published else "",
    }
    named = " ".join(f'{name}="{as_data(value).replace(chr(34), "”")}"' for name, value in told.items() if value)
    return f"<passage {named}>\n{as_data(hit.text)}\n</passage>"


def _fill(name: str, **values: str) -> Prompt:
    """Fill a template; a value that it needs and does not get is an error that names it."""
    rules, _, task = (Template(part) for part in _read(name).partition(LINE))
    return Prompt(rules.substitute(values).strip(), task.substitute(values).strip())


@lru_cache(maxsize=8)
def _read(name: str) -> str:
    return resources.files("prompts").joinpath(f"{name}.md").read_text(encoding="utf-8")
