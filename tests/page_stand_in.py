"""An assistant for the page's tests: it answers some questions from a few articles, and keeps what it is given."""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from assistant.answer import REFUSAL, Answer
from assistant.events import Told
from assistant.quotes import Quote
from assistant.referents import Exchange
from index.errors import QuestionError, SourceError
from index.lists import ArticleRow, Summary
from index.records import Article, Hit, Rejected, Version
from index.reports import Progress, SyncReport
from index.scope import EVERYTHING, Scope

HARBOUR = Article(
    id="https://news.example.org/harbour",
    title="Harbour wall of Orsund to be raised",
    text=(
        "Work on the harbour wall of Orsund begins in May, the town said on Tuesday.\n"
        "The wall will be raised by 60 centimetres along its whole length of two kilometres. “We are building for our "
        "grandchildren,” Maja Lind, the mayor, told the council. Three firms have made offers.\n"
        "Who pays\n"
        "The state pays half of the 14 million euros. The rest comes from the town and from a levy on the ferries, "
        "which the companies that run them have called unfair.\n"
        "The last storm that flooded the market square was in January 2019, when the water stood a metre high in the "
        "cellars of the old town and forty families had to leave their homes for a week.\n"
    ),
    url="https://news.example.org/harbour",
    source="Example Courier",
    published=date(2023, 3, 14),
    authors=("Ines Aker", "Tom Vale"),
)
HOSTILE = Article(
    id="/articles/markup.txt",
    title="<script>alert('title')</script>",
    text=(
        "An article about pages.\n"
        "The clerk wrote <script>alert(1)</script> & <img src=x onerror=alert(2)> beside **bold**, `code`, "
        "[a link](https://outside.example.com) and ![a picture](https://outside.example.com/p.png) ${1+1} {{value}}.\n"
        "# Not a heading\n"
    ),
    url="javascript:alert(3)",
    source="<b>Nobody</b>",
    origin="/articles/markup.txt",
)
ARABIC = Article(
    id="https://news.example.org/jisr",
    title="افتتاح الجسر الجديد",
    text="افتتح الجسر الجديد يوم الاثنين.\nقال الوزير إن الكلفة بلغت تسعة ملايين يورو. وعبره المئات قبل الظهر.\n",
    url="https://news.example.org/jisr",
    source="Example Courier",
)
LONG = Article(
    id="/articles/minutes.txt",
    title="Minutes of the council of Orsund",
    text="\n".join(f"Point {number} was put off until the next meeting of the council." for number in range(18_000))
    + "\nThe council chose blue for the ferry.\n"
    + "\n".join(f"Point {number} was taken back by those who had made it." for number in range(18_000)),
    origin="/articles/minutes.txt",
)
ARTICLES = (HARBOUR, HOSTILE, ARABIC, LONG)
COPIES = (
    replace(HARBOUR, id="a", url="https://wire.example.org/harbour", source="Example Wire"),
    replace(HARBOUR, id="b", url="https://post.example.org/harbour", source="Evening Example"),
)


def quote(article: Article, words: str, span: str | None = None, **fields) -> Quote:
    """The place of `words` in an article as a quote; `span` is the part of them to stress."""
    start = article.text.index(words)
    first = article.text.index(span or words, start)
    return Quote(article, start, start + len(words), words, (first, first + len(span or words)), **fields)


MAYOR = quote(
    HARBOUR,
    "“We are building for our grandchildren,” Maja Lind, the mayor, told the council.",
    "building for our grandchildren",
    speaker="Maja Lind",
)
RAISED = quote(HARBOUR, "The wall will be raised by 60 centimetres along its whole length of two kilometres.")
COST = quote(HARBOUR, "The state pays half of the 14 million euros.", "14 million euros", copies=("a", "b"))
CLERK = quote(HOSTILE, HOSTILE.text.splitlines()[1], "**bold**")
MINISTER = quote(ARABIC, "قال الوزير إن الكلفة بلغت تسعة ملايين يورو.", "تسعة ملايين يورو")
COLOUR = quote(LONG, "The council chose blue for the ferry.", "blue")


def answer(question: str, *quotes: Quote, **fields) -> Answer:
    """An answer that is made of quotes, as the extractive reader makes it."""
    text = "\n\n".join(f"{quote.text} [{number}]" for number, quote in enumerate(quotes, 1))
    return Answer(question, False, 0.9, text, quotes, **fields)


def refusal(question: str) -> Answer:
    """A refusal with one nearest passage, a whole line."""
    passage = HARBOUR.text.splitlines()[4]
    start = HARBOUR.text.index(passage)
    hit = Hit(1, HARBOUR, start, start + len(passage), passage, 0.03)
    return Answer(question, True, 0.1, REFUSAL, (), (hit,))


ANSWERS = {
    "mayor": (MAYOR, RAISED),
    "cost": (COST, RAISED),
    "clerk": (CLERK,),
    "minister": (MINISTER,),
    "colour": (COLOUR,),
}


class StandIn:
    """Answers by a word in the question; everything else is refused."""

    def __init__(self, folder: Path) -> None:
        self.writer = None
        self.folder = folder
        self.articles = 2
        self.kept: dict[str, str] = {}
        self.going_on = threading.Event()

    @property
    def library(self) -> "StandIn":
        return self

    @property
    def revision(self) -> int:
        return self.articles

    def list_articles(self) -> list[ArticleRow]:
        return []

    def count_by_source(self) -> dict[str, int]:
        return {"Example Courier": self.articles}

    def ask(self, question: str, scope: Scope = EVERYTHING, *, heed_time: bool = True) -> Answer:
        *_, last = self.stream(question, scope)
        return last

    def search(self, question: str, limit: int, scope: Scope = EVERYTHING) -> list[Hit]:
        return []

    def stream(
        self,
        question: str,
        scope: Scope = EVERYTHING,
        earlier: Sequence[Exchange] = (),
        *,
        heed_time: bool = True,
        prose: bool = True,
    ) -> Iterator[Told]:
        if not any(letter.isalpha() for letter in question):
            raise QuestionError(f"{question!r} has no words: ask in words")
        yield f"Searching {self.articles} articles"
        yield "Reading 24 passages"
        if "slowly" in question:
            self.going_on.wait(60)
        for word, quotes in ANSWERS.items():
            if word in question.lower():
                yield answer(question, *quotes)
                return
        yield refusal(question)

    def summary(self) -> Summary:
        return Summary(self.articles, 24, date(2019, 1, 9), date(2023, 3, 14))

    def summarise(self, scope: Scope = EVERYTHING) -> Summary:
        return self.summary()

    def find_article(self, article_id: str) -> Article | None:
        return next((article for article in (*ARTICLES, *COPIES) if article.id == article_id), None)

    def versions(self, article_id: str) -> list[Version]:
        article = self.find_article(article_id)
        return [Version(article, None, None)] if article else []

    def ids_from(self, root: str) -> list[str]:
        return [name for name in self.kept if name == root]

    def find_digest(self, article_id: str) -> str | None:
        return self.kept.get(article_id)

    def add(self, sources: Sequence[str], *, progress: Progress | None = None) -> SyncReport:
        report = SyncReport()
        for source in sources:
            if source.startswith("http"):
                raise SourceError(f"{source} did not answer within 20 s: try again later")
            path = Path(source)
            try:
                self._keep(report, source, path.read_text(encoding="utf-8"))
            except UnicodeDecodeError:
                report.rejected.append(Rejected(source, "it is not text"))
        return report

    def add_text(self, title: str, text: str) -> SyncReport:
        report = SyncReport()
        self._keep(report, f"pasted:{title}", text)
        return report

    def _keep(self, report: SyncReport, name: str, text: str) -> None:
        report.added += name not in self.kept
        report.changed += self.kept.get(name, text) != text
        report.unchanged += self.kept.get(name) == text
        self.articles += name not in self.kept
        self.kept[name] = text
