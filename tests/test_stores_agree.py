"""After any changes a folder and a Milvus server say the same: of articles, versions, stories, boilerplate and hits."""

import random
from datetime import date, timedelta

import pytest
from conftest import make_article, needs_milvus
from test_stories import report
from test_sync import PROMPT

from index.address import read_address
from index.lists import Listing, Order
from index.opening import open_index
from index.scope import Scope
from index.search import Searcher, SearchMode
from index.sync import sync_articles

STEPS = 14
WEIGHTS = (6, 1, 1, 2, 0.5)
SOURCES = ("Gazette", "Post", "Wire")
FIRST_DAY = date(2024, 5, 1)


def some_article(chance):
    """One of a few articles that come again and again: edited, as copies of one another, with lines that come back."""
    number = chance.randrange(12)
    text = report(chance.randrange(5), chance.choice((4, 12)))
    lines = [text, f"Gate {chance.randrange(30)} of the dock_{number} was opened."]
    lines += [PROMPT] if chance.random() < 0.7 else []
    published = chance.choice((None, FIRST_DAY + timedelta(days=number)))
    return make_article(f"n{number}", "\n".join(lines), source=chance.choice(SOURCES), published=published)


def change(chance, tokens):
    """A change as a function of a library; it gives what is done about it."""
    kind = chance.choices(("sync", "remove", "prune", "undo", "forget"), WEIGHTS)[0]
    if kind == "sync":
        articles = {one.id: one for one in (some_article(chance) for _ in range(chance.randrange(1, 6)))}
        return lambda library, embedder: sync_articles(library, embedder, list(articles.values()))
    if kind in ("remove", "prune"):
        names = [make_article(f"n{chance.randrange(12)}").id for _ in range(2)]
        return lambda library, _: tokens[library].append(
            library.put_away(names, "removed" if kind == "remove" else "pruned")
        )
    place = chance.random()

    def undo(library, embedder):
        left = [token for token in tokens[library] if token]
        if left:
            token = left[int(place * len(left))]
            tokens[library].remove(token)
            if any(one.token == token for one in library.removals()):
                (library.bring_back if kind == "undo" else library.forget)(token)
        sync_articles(library, embedder, [])

    return undo


def said(library, embedder, day):
    """What a library says, without numbers of its own."""
    searcher = Searcher(library, library.rankings(), embedder)
    names = sorted(article.id for article in library.iterate_articles())
    stories = {}
    for name, story in library.stories_of(names).items():
        stories.setdefault(story, []).append(name)
    hits = {}
    for question in ("Which gate of dock_3 was opened?", "puzzles edition brand"):
        for scope in (Scope(), Scope(sources=SOURCES[:2]), Scope(as_of=day - timedelta(days=4))):
            if not scope.as_of:
                found = searcher.search(question, 10, SearchMode.LEXICAL, scope)
                hits[question, scope] = [
                    (hit.article.id, hit.start, hit.text, hit.lexical_rank, hit.copies) for hit in found
                ]
            # What is equally near but for rounding may come in either order.
            found = searcher.search(question, 100, scope=scope)
            hits[question, scope, "all"] = {name for hit in found for name in (hit.article.id, *hit.copies)}
    return {
        "articles": [library.find_article(name) for name in names],
        "removed lines": [library.removed_lines(name) for name in names],
        "digests": library.find_digests(names),
        "boilerplate": {source: library.settled(source) for source in SOURCES},
        "stories": sorted((names, sorted(library.articles_of_story(story))) for story, names in stories.items()),
        "versions": [library.read_versions(make_article(f"n{number}").id) for number in range(12)],
        "away": [library.put_away_as(make_article(f"n{number}").id) for number in range(12)],
        "summary": library.summarise(),
        "table": [
            sorted(
                (one.id, one.added, one.seen) for one in library.list_page(Listing(order=order, descending=down)).rows
            )
            for order in Order
            for down in (False, True)
        ],
        "log": [(one.kind, one.article_id, one.title, one.at) for one in library.changes()],
        "hits": hits,
    }


@needs_milvus
@pytest.mark.parametrize("seed", [31])
def test_a_folder_and_a_server_say_the_same_after_any_changes(server, embedder, tmp_path, clock, seed):
    chance = random.Random(seed)
    address = read_address(server.address(f"agree{seed}"))
    libraries = [open_index(tmp_path / "folder", create=True), open_index(tmp_path / "state", address, create=True)]
    tokens = {library: [] for library in libraries}
    day = FIRST_DAY
    for step in range(STEPS):
        day += timedelta(days=chance.randrange(1, 4))
        clock(day)
        changed = change(chance, tokens)
        for library in libraries:
            changed(library, embedder)
        if step % 3 == 2:
            ours, theirs = (said(library, embedder, day) for library in libraries)
            for name, told in ours.items():
                assert theirs[name] == told, f"{name}, at step {step}"
    for library in libraries:
        library.close()
