"""What was asked in the chat, as candidates for test questions: judged answers, and questions that were refused.

The one rule: nothing is taken for right that nobody called right; what is not known is marked as to be filled in, and
the mark cannot be accepted.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from hashlib import blake2b

from assistant.evaluation.drafts import Draft
from assistant.evaluation.reviewing import TO_FILL_IN
from assistant.questions import TestQuestion
from assistant.turns import Turn, Verdict
from assistant.votes import is_to_refuse
from index.store import Index

NOT_JUDGED = "was refused, nobody judged it: accept it if the articles don't say, else write the answer"
_KINDS = {
    Verdict.GOOD: "was called good",
    Verdict.WRONG_SOURCE: "the answer was called right, its article wrong: write the article that is right",
    Verdict.WRONG_ANSWER: "was called wrong: write the answer that is right, or nothing if the articles don't say",
    Verdict.SHOULD_REFUSE: "was called one to refuse",
}


@dataclass(frozen=True, slots=True)
class Collected:
    """The candidates, those that somebody judged first, and how many were left out and why."""

    drafts: tuple[Draft, ...]
    left_out: dict[str, int]


def collect_asked(turns: Iterable[Turn], library: Index, known: Collection[TestQuestion] = ()) -> Collected:
    """Candidates from turns, which come latest first; of a question that was asked often, the latest judged counts.

    Questions that are `known` are left out, so are quotes that no longer stand in the library, and refusals within a
    choice of sources or days, as evaluation asks the whole library.
    """
    taken = {_plain(question.question) for question in known} | {question.id for question in known}
    judged: dict[str, Turn] = {}
    refused: dict[str, Turn] = {}
    for turn in turns:
        if turn.verdict is not None:
            judged.setdefault(_plain(standing_alone(turn)), turn)
        elif turn.answer is not None and turn.answer.refused:
            refused.setdefault(_plain(standing_alone(turn)), turn)
    drafts: list[Draft] = []
    left_out: dict[str, int] = {}
    for plain, turn in (judged | {name: turn for name, turn in refused.items() if name not in judged}).items():
        draft = _to_draft(turn, library)
        if turn.in_tests or plain in taken or (isinstance(draft, Draft) and draft.question.id in taken):
            draft = "they are in a question file already"
        if isinstance(draft, Draft):
            drafts.append(draft)
        else:
            left_out[draft] = left_out.get(draft, 0) + 1
    return Collected(tuple(drafts), left_out)


def standing_alone(turn: Turn) -> str:
    """The question of a turn as it was answered: a follow-up as what was made of it."""
    return " ".join((turn.answer.question if turn.answer else turn.question).split())


def _to_draft(turn: Turn, library: Index) -> Draft | str:
    """The candidate, or why there is none."""
    answer, verdict = turn.answer, turn.verdict
    if answer is None:
        return "their answers are not kept"
    refusing = verdict is None or is_to_refuse(turn, verdict)
    # A time that the question itself names narrows the scope again whenever it is asked.
    if answer.scope and not answer.period and (refusing or answer.refused):
        return "they were refused, or should have been, within chosen sources or days"
    gold = verdict in (Verdict.GOOD, Verdict.WRONG_SOURCE)
    if gold and not refusing and not _still_stands(turn, library):
        return "what they quote is no longer in the library"
    answers = () if refusing else (answer.marked,) if gold and answer.marked else (TO_FILL_IN,)
    quoted = tuple(dict.fromkeys(quote.article.id for quote in answer.quotes))
    sourced = {Verdict.GOOD: quoted, Verdict.WRONG_SOURCE: (TO_FILL_IN,)}
    evidence = sourced.get(verdict, ()) if verdict and not refusing else ()
    question = standing_alone(turn)
    name = f"chat-{blake2b(_plain(question).encode(), digest_size=5).hexdigest()}"
    first = answer.quotes[0] if answer.quotes else None
    place = (first.span if gold and not refusing else (0, 0)) if first else (0, 0)
    return Draft(
        TestQuestion(name, question, tuple(" ".join(text.split()) for text in answers), evidence),
        _KINDS[verdict] if verdict else NOT_JUDGED,
        " ".join(first.text.split()) if first else "",
        first.article.title if first else "",
        *place,
    )


def _still_stands(turn: Turn, library: Index) -> bool:
    """Whether what the answer quotes first is in the library's article, word for word."""
    first = turn.answer.quotes[0] if turn.answer and turn.answer.quotes else None
    article = library.find_article(first.article.id) if first else None
    return article is not None and first is not None and first.text in article.text


def _plain(question: str) -> str:
    return " ".join(question.casefold().rstrip("?.! ").split())
