"""Results made by hand, for tests of what is measured on them."""

from assistant.evaluation.records import Found, Order, Quoted, Result, Run
from assistant.questions import TestQuestion


def question(name, answers=("Maja Lind",), evidence=(), **fields):
    return TestQuestion(name, f"Question {name}?", tuple(answers), tuple(evidence), **fields)


def found(*marks, article="a"):
    """Passages of as many articles; a mark is `+` where the passage holds an answer, `-` where it does not."""
    return tuple(
        Found(f"{article}{place}", 0, 10, mark == "+", title=f"Title {place}", text=f"Text {place}")
        for place, mark in enumerate(marks)
    )


def quoted(text, marked=None):
    return Quoted("a0", "Title 0", text, marked if marked is not None else text)


def result(name, ranking="", *, answers=("Maja Lind",), confidence=0.9, refused=False, quote=None, **fields):
    fields.setdefault("seconds", {"search": 0.25, "read": 0.5})
    return Result(
        question(name, answers, fields.pop("names", tuple(fields.get("evidence", ())))),
        found(*ranking),
        quotes=(quoted(quote),) if quote else (),
        refused=refused,
        confidence=confidence,
        **fields,
    )


def run_of(*results, name="run", order=Order.SEARCH, **fields):
    library = {"folder": "library", "revision": 1, "articles": 3, "passages": 9}
    return Run(
        name, "2024-05-06T07:08:09+00:00", ("q.jsonl",), library, {"candidates": 24}, tuple(results), order, **fields
    )
