"""The whole write path: read the sources, find what is new, changed or gone, clean, split, embed and store it.

The one rule: what cannot be read is reported and never costs what is already in the library.
"""

import hashlib
import json
import os
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from itertools import filterfalse

from index.clean import normalise
from index.embedder import Embedder
from index.entries import Task
from index.files import Files
from index.formats.origin import canonical_url
from index.lists import PRUNED, REMOVED
from index.parsing import Opened, put_together
from index.passages import DEFAULT_CUT, Cut
from index.records import Article, FileRead, Rejected, Unchanged
from index.remembered import full_name, is_remote, note_outcome
from index.remote import Remote
from index.reports import Progress, SyncReport, silent
from index.sources import Found, Limits, open_source, read_source
from index.staging import Staging
from index.store import Index
from index.visits import Visits
from index.web import Web
from index.workers import Here, Workers

PIPELINE = 1
"""Goes up when cleaning or splitting changes, so that the next sync takes every article in again."""


def sync(  # noqa: PLR0913 - what a sync takes
    library: Index,
    embedder: Embedder,
    sources: Sequence[str],
    *,
    prune: bool = False,
    limits: Limits | None = None,
    web: Web | None = None,
    cut: Cut = DEFAULT_CUT,
    progress: Progress | None = None,
    named: bool = True,
    workers: Workers | None = None,
) -> SyncReport:
    """Bring the library up to date with `sources`: files, folders, URLs and feeds.

    Each article is committed on its own: what was done before a kill stays, and the next sync goes on from there.
    `prune` also puts away the articles that came from the given files and folders and are no longer there. What the
    user removed is left out, except where it is itself among the sources and somebody `named` these just now. Files are
    parsed and entries made by `workers`, here where there are none.

    Raises:
        LibraryError: if the library cannot be written.
        ModelError: if it was embedded with another model.
    """
    limits = limits or Limits()
    web = web or Web(limits)
    workers = workers or Here()

    visits = Visits(library, PIPELINE)
    remote, files = Remote(web, visits), Files(library, PIPELINE)

    def read_web() -> Iterator[Found]:
        for source in filter(is_remote, sources):
            yield from read_source(source, limits=limits, remote=remote, files=files)

    def open_files() -> Iterator[Opened]:
        for source in filterfalse(is_remote, sources):
            yield from open_source(source, limits=limits, remote=remote, files=files)

    report = SyncReport()
    wanted = {_to_id(source) for source in sources if named}
    with Staging() as staging:
        # Before the lock is taken: a slow site holds up nobody.
        _stage(library, read_web(), staging, files, report, progress or silent, wanted)
        with library.writing():
            found = put_together(workers.parse(open_files()))
            _stage(library, found, staging, files, report, progress or silent, wanted)
            _index(library, embedder, staging, cut, progress or silent, workers)
            if prune:
                report.removed = _prune(library, sources, staging, report)
            _finish(library, embedder, cut, report, workers)
            files.save()
        visits.save()
    troubles = {full_name(item.name): item.reason for item in report.rejected if item.row is None}
    for source in sources:
        note_outcome(library.state, source, troubles.get(full_name(source), ""), visits.wishes.get(source.strip(), 0.0))
    return report


def sync_articles(
    library: Index, embedder: Embedder, articles: Iterable[Article], *, cut: Cut = DEFAULT_CUT
) -> SyncReport:
    """Bring articles that were read elsewhere (pasted text, say) into the library; see `sync`."""
    report = SyncReport()
    given = list(articles)
    with library.writing(), Staging() as staging:
        _stage(library, given, staging, Files(), report, silent, {article.id for article in given})
        _index(library, embedder, staging, cut, silent, Here())
        _finish(library, embedder, cut, report, Here())
    return report


def _stage(
    library: Index,
    found: Iterable[Found],
    staging: Staging,
    files: Files,
    report: SyncReport,
    progress: Progress,
    wanted: Collection[str | None],
) -> None:
    """Read everything first: what is new or changed is staged, so that the long part knows its length."""
    left_out = 0
    for number, item in enumerate(found, 1):
        progress("reading", number, 0)
        if isinstance(item, FileRead):
            files.note(item)
        elif isinstance(item, Rejected):
            report.rejected.append(item)
            staging.note_trouble(item.name)
        elif isinstance(item, Unchanged):
            is_there, is_first = library.find_digest(item.id) is not None, staging.note_seen(item.id)
            report.unchanged += is_there and is_first
            left_out += not is_there
            if item.origin and not is_first:
                report.rejected.append(_twice(item))
        elif not staging.note_seen(item.id):
            report.rejected.append(_twice(item))
            files.add(item.origin, item.id, "")  # the file is read again, and told again
        else:
            digest = _digest(item)
            left_out += not _take_in(library, item, digest, staging, report, wanted)
            files.add(item.origin, item.id, digest)
    if left_out:
        report.notices.append(
            f"left out {left_out:,} removed by you: `article-assistant remove --undo ARTICLE` brings one back"
        )


def _twice(item: Article | Unchanged) -> Rejected:
    return Rejected(item.origin or item.id, f"{item.id} comes twice in this sync; the first was kept")


def _take_in(
    library: Index,
    item: Article,
    digest: str,
    staging: Staging,
    report: SyncReport,
    wanted: Collection[str | None],
) -> bool:
    """Stage an article if it is new or changed; False where it is left out, as the user removed it."""
    known = library.find_digest(item.id)
    away = library.put_away_as(item.id) if known is None else None
    if away == REMOVED and item.id not in wanted:
        return False
    report.added += known is None
    if away:
        library.bring_back_articles([item.id])
        known = library.find_digest(item.id)
    elif known is not None:
        report.unchanged += known == digest
        report.changed += known != digest
    if known != digest:
        staging.add(item, digest)
    return True


def _index(
    library: Index, embedder: Embedder, staging: Staging, cut: Cut, progress: Progress, workers: Workers
) -> None:
    """Have made, and commit, what was staged."""
    if staging.count and library.model is None:
        library.set_model(embedder.model, embedder.dimension)
    library.check_model(embedder.model, embedder.dimension)
    done = 0
    tasks = (Task(article, digest, library.settled(article.source)) for article, digest in staging)
    for entries in workers.make(tasks, library, embedder, cut):
        library.write_all(entries)
        done += len(entries)
        progress("indexing", done, staging.count)


def _finish(library: Index, embedder: Embedder, cut: Cut, report: SyncReport, workers: Workers) -> None:
    """Clean again what the new articles showed to be boilerplate, then bring the dense view on disk up to date."""
    for articles in library.resettle():
        tasks = (
            Task(article, digest, library.settled(article.source), library.removed_lines(article.id))
            for article, digest in articles
        )
        for entries in workers.make(tasks, library, embedder, cut):
            library.write_all(entries)
    if notice := library.tidy():
        report.notices.append(notice)


def _prune(library: Index, sources: Sequence[str], staging: Staging, report: SyncReport) -> int:
    """Remove what came from local sources and is no longer there; a source with trouble is left as it is."""
    removed = 0
    for source in sources:
        if is_remote(source):
            report.notices.append(f"not pruned: {source}: a page or feed shows only its newest articles")
            continue
        root = os.path.realpath(source)
        if staging.had_trouble(root):
            report.notices.append(f"not pruned: {source}: not all of it could be read")
            continue
        gone = [article for article in library.ids_from(root) if not staging.was_seen(article)]
        if gone:
            library.put_away(gone, PRUNED)
        removed += len(gone)
    return removed


def _to_id(source: str) -> str | None:
    """The id of the one article that a source may be."""
    return canonical_url(source) if is_remote(source) else os.path.realpath(source)


def _digest(article: Article) -> str:
    published = article.published.isoformat() if isinstance(article.published, date) else None
    fields = [
        PIPELINE,
        article.title,
        normalise(article.text),
        article.url,
        article.source,
        published,
        article.authors,
    ]
    return hashlib.sha256(json.dumps(fields, ensure_ascii=True).encode()).hexdigest()
