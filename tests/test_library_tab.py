"""The library tab in a real browser, over a real library: empty, added to, asked, narrowed, removed from, undone."""

import browsing
import pytest

from assistant.ask import Assistant
from assistant.scorer import WordScorer
from assistant.settings import Settings
from index.search import Searcher

WEIR = "The weir of Kelso was opened by Ann Reed in May 2023.\nIt cost 3 million pounds, the council said.\n"


@pytest.fixture
def assistant(library, embedder):
    searcher = Searcher(library, library.rankings(), embedder)
    return Assistant(Settings(refuse_below=0.01), library, embedder, searcher, WordScorer(library, embedder))


def test_an_empty_library_is_filled_asked_narrowed_and_undone(assistant, put, article):
    uploads = assistant.library.folder / "uploads"
    with (
        browsing.opened_browser() as browser,
        browsing.serving(assistant, uploads) as address,
        browsing.watched_page(browser) as page,
    ):
        page.goto(address)
        page.get_by_role("tab", name="Library").click()
        page.get_by_role("heading", name="The library is empty").wait_for()
        page.locator("#files input[type=file]").set_input_files(
            [
                {"name": "weir.txt", "mimeType": "text/plain", "buffer": WEIR.encode()},
                {"name": "bad.txt", "mimeType": "text/plain", "buffer": b""},
            ]
        )
        page.locator("#outcome li.rejected", has_text="bad.txt").wait_for()
        page.locator("#outcome li.added", has_text="weir.txt").wait_for()
        page.locator("#library-table tbody tr").wait_for()
        page.get_by_role("tab", name="Ask").click()
        browsing.ask(page, "Who opened the weir of Kelso?")
        assert "Ann Reed" in page.locator(".turn blockquote").first.inner_text()
        page.get_by_role("tab", name="Library").click()
        page.locator("#library-table .remove").click()
        page.get_by_role("heading", name="The library is empty").wait_for()
        page.locator("#removed button", has_text="Undo").click()
        page.locator("#library-table tbody tr").wait_for()
        put(article("bridge"), article("harbour", "The harbour froze."))
        page.get_by_role("tab", name="Ask").click()
        page.get_by_role("tab", name="Library").click()
        page.locator("#library-table .count", has_text="3 articles").wait_for()
        page.locator("#library-filter input[name=words]").fill("harb")
        page.locator("#library-table .count", has_text="1 article of 3").wait_for()
        assert page.locator("#library-table td.title").inner_text() == "Harbour"
        page.locator("#library-filter input[name=words]").fill("")
        page.locator("#library-filter input[name=since]").fill("2024-05-06")
        page.locator("#library-table .count", has_text="2 articles of 3").wait_for()
