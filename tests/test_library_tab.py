"""The library tab in a real browser, over a real library: empty, added to, asked, narrowed, removed from, undone.

What the ask tab offers of such a library is clicked, too: a follow-up, a suggestion, and the period that it understood.
"""

import re
import time
from datetime import date

import browsing
import pytest

from assistant.ask import Assistant
from assistant.scorer import WordScorer
from assistant.settings import Settings
from assistant.suggestions import FILE
from index.search import Searcher

pytestmark = pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")  # Gradio counts its queue with pandas

WEIR = (
    "The weir of Kelso was opened by Ann Reed in May 2023.\n"
    "“The weir will hold for a hundred years,” said Ann Reed, the mayor of Kelso. "
    "Reed said that the mills should pay a part of the weir.\n"
    "It cost 3 million pounds, the council said. Two hundred people attended the opening.\n"
)
BRIDGE = "Who opened the bridge over the Tamsel in May 2024?"
OPENED = "The bridge over the Tamsel was opened by Tom Vale on Monday. It cost nine million euros."


@pytest.fixture
def assistant(library, embedder):
    searcher = Searcher(library, library.rankings(), embedder)
    return Assistant(Settings(refuse_below=0.01), library, embedder, searcher, WordScorer(library, embedder))


def open_tab(page, name):
    page.get_by_role("tab", name=name).click()


def counted(page, articles):
    return page.locator("#library-table .count", has_text=re.compile(f"^{articles}$"))


def test_an_empty_library_is_filled_asked_narrowed_and_undone(assistant, put, article):
    uploads = assistant.library.folder / "uploads"
    with (
        browsing.opened_browser() as browser,
        browsing.serving(assistant, uploads) as address,
        browsing.watched_page(browser) as page,
    ):
        page.goto(address)
        add_ask_remove_and_undo(page)
        put(article("bridge", OPENED), article("harbour", "The harbour froze.", published=date(2023, 2, 1)))
        narrow(page)
        click_what_is_offered(page, address, assistant.library.folder / FILE)


def add_ask_remove_and_undo(page):
    page.locator("#welcome").get_by_role("button", name="Library").click()
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
    open_tab(page, "Ask")
    browsing.ask(page, "Who opened the weir of Kelso?")
    assert "Ann Reed" in page.locator(".turn blockquote").first.inner_text()
    open_tab(page, "Library")
    page.locator("#library-table .remove").click()
    page.get_by_role("heading", name="The library is empty").wait_for()
    page.locator("#removed button", has_text="Undo").click()
    page.locator("#library-table tbody tr").wait_for()


def narrow(page):
    open_tab(page, "Ask")
    open_tab(page, "Library")
    counted(page, "3 articles").wait_for()
    assert browsing.violations_in_light_and_dark(page, "library") == []
    fields = {name: page.locator(f"#library-filter input[name={name}]") for name in ("words", "since", "until")}
    fields["words"].fill("harb")
    counted(page, "1 article of 3").wait_for()
    assert page.locator("#library-table td.title").inner_text() == "Harbour"
    fields["words"].fill("")
    fields["since"].fill("2024-05-06")
    counted(page, "1 article of 3").wait_for()
    page.get_by_role("button", name="Clear").click()
    counted(page, "3 articles").wait_for()
    bars = page.locator("#library-table .bar:not([aria-label$=': 0 articles'])")
    assert [bar.get_attribute("aria-label") for bar in bars.all()] == [
        "February 2023: 1 article",
        "May 2024: 1 article",
    ]
    bars.first.click()
    counted(page, "1 article of 3").wait_for()
    assert page.locator("#library-table td.title").inner_text() == "Harbour"
    assert (fields["since"].input_value(), fields["until"].input_value()) == ("2023-02-01", "2023-02-28")
    bars.first.click()  # once more is all times
    counted(page, "3 articles").wait_for()
    assert fields["since"].input_value() == ""


def click_what_is_offered(page, address, kept):
    open_tab(page, "Ask")
    browsing.ask(page, BRIDGE)
    assert page.locator(".scope-chip").inner_text().startswith("Published May 2024")
    page.get_by_role("button", name="Ask without “in May 2024”").click()
    again = page.locator("#turn-3:not(.working)")
    again.wait_for()
    assert again.locator("h2").inner_text() == BRIDGE
    assert again.locator(".scope-chip").count() == 0
    begin = time.monotonic()
    while not kept.exists() and time.monotonic() - begin < browsing.WANTED / 1000:
        time.sleep(0.05)
    page.goto(address)
    for turn, place in ((1, "#welcome"), (2, "#follow-ups")):
        chip = page.locator(f"{place} .chip").first
        question = chip.inner_text()
        assert chip.bounding_box()["y"] < page.locator("#ask-bar").bounding_box()["y"], "without scrolling"
        chip.click()
        browsing.answered(page, question).wait_for()
        assert page.locator(f"#turn-{turn} blockquote").count() >= 1, question
