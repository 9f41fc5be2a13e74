"""The page as it is used, in a real browser: citations, keyboard, stopping, what is kept, hostile text, looks."""

import re

import page_stand_in as given
import pytest
from browsing import answered, ask, keep_picture, opened_browser, serving, violations, watched_page

from assistant.page.conversation import write_quote
from assistant.questions import read_questions
from assistant.votes import FILE

pytestmark = pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")  # Gradio counts its queue with pandas


@pytest.fixture(scope="module")
def browser():
    with opened_browser() as browser:
        yield browser


@pytest.fixture(scope="module")
def assistant(tmp_path_factory):
    return given.StandIn(tmp_path_factory.mktemp("served"))


@pytest.fixture(scope="module")
def address(assistant, browser):
    with serving(assistant, assistant.folder / "uploads") as address:
        yield address


@pytest.fixture
def page(browser, address):
    with watched_page(browser) as page:
        page.goto(address)
        page.locator("#welcome h2").wait_for()
        yield page


def shown_quote(page):
    """The text of the marked sentence that the panel shows, without its number, and whether it is in view."""
    return page.evaluate(
        """() => {
          const marks = [...document.querySelectorAll("#evidence mark.shown")].filter((mark) => mark.checkVisibility());
          const text = marks.map((mark) => {
            const copy = mark.cloneNode(true);
            copy.querySelectorAll(".number").forEach((number) => number.remove());
            return copy.textContent;
          }).join("");
          const panel = document.querySelector("#evidence").getBoundingClientRect();
          const box = marks[0].getBoundingClientRect();
          return [text, box.top >= panel.top && box.bottom <= panel.bottom && box.bottom <= innerHeight];
        }"""
    )


def citation(page, turn, number):
    return page.locator(f'#turn-{turn} a.cite[data-number="{number}"]')


def test_every_citation_of_every_answer_opens_its_own_sentence(page):
    ask(page, "What did the mayor say?")
    ask(page, "What does it cost?")
    for turn, quotes in ((1, (given.MAYOR, given.RAISED)), (2, (given.COST, given.RAISED))):
        for number, quote in enumerate(quotes, 1):
            citation(page, turn, number).click()
            assert shown_quote(page) == [quote.text, True]
            assert page.evaluate("document.activeElement.id") == f"cite-{turn}-{number}"
    keep_picture(page, "article")
    assert page.locator("#evidence .place:visible").inner_text() == "Quote 2 of 2"
    page.get_by_role("button", name="Next quote").locator("visible=true").click()
    assert shown_quote(page) == [given.COST.text, True]
    page.get_by_role("button", name="Previous quote").locator("visible=true").click()
    assert shown_quote(page) == [given.RAISED.text, True]
    page.get_by_role("button", name="All sources").locator("visible=true").click()
    keep_picture(page, "answer")
    assert page.get_by_text("Also in 2 other articles: Example Wire, Evening Example").is_visible()
    page.get_by_role("button", name="Read the article").locator("visible=true").first.click()
    assert shown_quote(page) == [given.RAISED.text, True]  # which stands first in the article


def test_a_citation_tells_its_quote_under_the_pointer_and_by_the_keyboard(page):
    ask(page, "What did the mayor say?")
    citation(page, 1, 2).hover()
    card = page.get_by_role("tooltip")
    assert given.RAISED.text in card.inner_text()
    assert "Example Courier" in card.inner_text()
    keep_picture(page, "hover")
    page.mouse.move(5, 5)
    assert card.count() == 0
    page.locator("#question textarea").focus()
    for _ in range(30):
        page.keyboard.press("Shift+Tab")
        if page.evaluate("document.activeElement.matches('a.cite')"):
            break
    assert given.RAISED.text in card.inner_text()
    page.keyboard.press("Enter")
    assert shown_quote(page) == [given.RAISED.text, True]
    citation(page, 1, 1).focus()
    page.keyboard.press("Space")
    assert shown_quote(page) == [given.MAYOR.text, True]


def test_a_refusal_says_what_was_searched_and_shows_what_is_near(page):
    ask(page, "Why is the sky blue?")
    turn = answered(page, "Why is the sky blue?")
    assert "None of the 2 articles (January 2019 – March 2023) answers this." in turn.inner_text()
    assert "What would help" in turn.inner_text()
    assert page.locator("#evidence .card:visible").inner_text().count("The last storm that flooded") == 1
    assert page.locator("a.cite").count() == 0
    keep_picture(page, "refusal")


@pytest.mark.parametrize("how", ["button", "Escape"])
def test_stop_stops_and_the_next_question_is_answered(page, assistant, how):
    assistant.going_on.clear()
    ask(page, "Tell me slowly of the mayor", wait=False)
    page.get_by_text("Reading 24 passages").wait_for()
    if how == "button":
        page.get_by_role("button", name="Stop").click()
    else:
        page.keyboard.press("Escape")
    page.get_by_text("Stopped before it was answered.").wait_for()
    assistant.going_on.set()
    ask(page, "What does it cost?")
    assert citation(page, 2, 1).is_visible()
    page.reload()
    page.get_by_text("Stopped before it was answered.").wait_for()
    assert page.locator("#turn-1 a.cite").count() == 0
    assert citation(page, 2, 1).is_visible()


def test_who_waits_behind_others_is_told_the_place_and_can_stop(page, assistant, address):
    assistant.going_on.clear()
    for _ in range(5):  # of which four are answered at once
        asked = {"data": ["Tell me slowly", "", True, [], None, None]}
        assert page.request.post(f"{address}/gradio_api/call/ask_page", data=asked).ok
    ask(page, "What did the mayor say?", wait=False)
    page.get_by_text("Others asked before: this is number 2 in line").wait_for()
    keep_picture(page, "waiting")
    page.keyboard.press("Escape")
    page.get_by_text("Stopped before it was answered.").wait_for()
    ask(page, "What does it cost?", wait=False)
    page.locator("#turn-2").get_by_text("number 2 in line").wait_for()
    assistant.going_on.set()
    answered(page, "What does it cost?").wait_for()
    assert citation(page, 2, 1).is_visible()


def test_back_a_reload_and_the_address_bring_back_what_was_open(page, address):
    ask(page, "What did the mayor say?")
    first = page.url
    citation(page, 1, 2).click()
    assert page.url == f"{first}#cite-1-2"
    citation(page, 1, 1).click()
    assert page.url == f"{first}#cite-1-1"
    page.reload()
    page.locator("#cite-1-1.shown").wait_for()
    assert shown_quote(page) == [given.MAYOR.text, True]
    page.go_back()
    page.locator("#evidence .cards").wait_for()
    assert page.url == first
    page.go_forward()
    page.locator("#cite-1-1.shown").wait_for()
    ask(page, "What does it cost?")
    assert page.url == first  # a new answer's sources are shown
    page.get_by_role("button", name="New conversation").click()
    page.locator("#welcome h2").wait_for()
    ask(page, "Who is the clerk?")
    second = page.url
    assert second.startswith(f"{address}/?conversation=")
    assert second != first
    page.get_by_role("button", name="What did the mayor say?", exact=True).click()
    page.wait_for_url(first)
    page.go_back()
    answered(page, "Who is the clerk?").wait_for()
    assert page.url == second
    page.goto(f"{first}#cite-2-1")
    page.locator("#cite-2-1.shown").wait_for()
    assert shown_quote(page) == [given.COST.text, True]


def test_a_quote_is_copied_with_its_source(page):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ask(page, "What did the mayor say?")
    page.get_by_role("button", name="Copy").first.click()
    page.get_by_role("button", name="Copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == write_quote(given.MAYOR)
    selected = """() => {
      getSelection().selectAllChildren(document.querySelector("#turn-1 blockquote"));
      return getSelection().toString();
    }"""
    assert page.evaluate(selected).strip() == given.MAYOR.text  # without the number


def test_the_whole_conversation_is_printed_on_white(page):
    page.locator("#theme-toggle").click()  # dark
    ask(page, "What did the mayor say?")
    ask(page, "What does it cost?")
    citation(page, 2, 1).click()
    page.emulate_media(media="print")
    shown = page.locator("#turn-1 blockquote, #turn-2 blockquote, #evidence .reading mark.shown")
    assert [shown.nth(n).is_visible() for n in range(shown.count())] == [True] * 5
    assert page.locator("#ask-bar, .votes, #history, .copy").locator("visible=true").count() == 0
    assert page.evaluate("getComputedStyle(document.querySelector('blockquote')).color") == "rgb(36, 34, 30)"
    beneath = """() => {
      const nodes = [];
      for (let node = document.querySelector("blockquote"); node; node = node.parentElement) nodes.push(node);
      const colours = nodes.map((node) => getComputedStyle(node).backgroundColor);
      return colours.find((colour) => colour !== "rgba(0, 0, 0, 0)");
    }"""
    assert page.evaluate(beneath) == "rgb(255, 255, 255)"
    cut = (
        "[...document.querySelectorAll('#scroll, #evidence')].filter((box) => box.scrollHeight > box.clientHeight + 1)"
    )
    assert page.evaluate(f"{cut}.length") == 0
    address = "getComputedStyle(document.querySelector('cite'), '::after').content"
    assert given.HARBOUR.url in page.evaluate(address)
    keep_picture(page, "print")


def test_enter_in_an_empty_field_changes_nothing_and_a_reload_keeps_what_is_written(page):
    ask(page, "What did the mayor say?")
    field, shown = page.locator("#question textarea"), page.url
    field.fill("  ")
    field.press("Enter")
    page.wait_for_timeout(700)  # for what would come of it
    assert citation(page, 1, 1).is_visible()
    field.fill("What does it cost?")
    page.reload()
    page.wait_for_function("document.querySelector('#question textarea')?.value === 'What does it cost?'")
    answered(page, "What did the mayor say?").wait_for()
    assert page.url == shown
    page.locator("#question textarea").press("Enter")
    answered(page, "What does it cost?").wait_for()
    assert page.locator(".turn").count() == 2
    page.reload()
    answered(page, "What does it cost?").wait_for()
    assert page.locator("#question textarea").input_value() == ""


def test_a_pasted_article_is_no_question_and_stays_in_the_field(page):
    pasted = "What did the mayor say? " * 100
    ask(page, pasted, wait=False)
    page.get_by_text("the question has 2,399 characters, and 2,000 can be asked at most").wait_for()
    assert page.locator("#question textarea").input_value() == pasted
    assert page.locator(".turn").count() == 0


def test_a_reload_brings_the_conversation_back_and_another_visitor_sees_nothing(page, browser, address):
    ask(page, "What did the mayor say?")
    ask(page, "What does it cost?")
    page.reload()
    citation(page, 1, 2).click()
    assert shown_quote(page) == [given.RAISED.text, True]
    ask(page, "Who is the clerk?")
    assert page.locator(".turn").count() == 3
    with watched_page(browser) as other:
        other.goto(page.url)
        other.locator("#welcome h2").wait_for()
        other.get_by_text("Conversations are kept here.").wait_for()
        assert other.locator(".turn").count() == 0
    other_address = page.url
    page.goto(address)
    page.get_by_role("button", name="What did the mayor say?", exact=True).click()
    answered(page, "Who is the clerk?").wait_for()
    page.wait_for_url(other_address)


def test_conversations_are_renamed_exported_and_deleted(page):
    ask(page, "What did the mayor say?")
    page.get_by_role("button", name="New conversation").click()
    page.locator("#welcome h2").wait_for()
    ask(page, "What does it cost?")
    entries = page.locator("#history .entry")
    assert entries.all_inner_texts() == ["What does it cost?", "What did the mayor say?"]
    page.locator("#history summary").nth(1).click()
    page.get_by_role("textbox", name="Title").locator("visible=true").fill("The *mayor*")
    page.get_by_role("button", name="Rename").locator("visible=true").click()
    page.get_by_role("button", name="The *mayor*", exact=True).wait_for()
    page.locator("#history summary").nth(1).click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Export as Markdown").locator("visible=true").click()
    assert download.value.suggested_filename == "The-mayor-.md"
    text = download.value.path().read_text(encoding="utf-8")
    assert text.startswith("# The \\*mayor\\*\n\n## What did the mayor say?\n\n> “We are building")
    assert "2. [Harbour wall of Orsund to be raised](<https://news.example.org/harbour>) · Example Courier" in text
    page.locator("#history details:not([open]) summary").first.click()
    page.locator("#history details[open]").first.get_by_role("button", name="Delete for good").click()
    page.locator("#welcome h2").wait_for()
    assert entries.all_inner_texts() == ["The *mayor*"]


def test_a_vote_becomes_a_test_question(page, assistant):
    ask(page, "What does it cost?")
    turn = answered(page, "What does it cost?")
    turn.get_by_role("button", name="Good").click()
    page.get_by_text("Noted: good.").wait_for()
    page.get_by_role("button", name="Make it a test question").click()
    page.get_by_text("Kept as a test question.").wait_for()
    ask(page, "What did the mayor say?")
    answered(page, "What did the mayor say?").get_by_role("button", name="Wrong answer").click()
    page.get_by_label("The right words").fill("for our children")
    page.get_by_role("button", name="Make it a test question").click()
    page.locator("#current").get_by_text("Kept as a test question.").wait_for()
    kept = {question.question: question for question in read_questions(assistant.folder / FILE)}
    assert kept["What does it cost?"].answers == ("14 million euros",)
    assert kept["What does it cost?"].evidence == (given.HARBOUR.id,)
    assert kept["What did the mayor say?"].answers == ("for our children",)
    page.reload()
    assert page.get_by_role("button", name="Good").first.get_attribute("aria-pressed") == "true"


def test_hostile_text_is_shown_as_text(page):
    ask(page, "What did the <b>clerk</b> write <img src=x onerror=alert(1)>?")
    turn = page.locator("#turn-1")
    assert (
        "<img src=x onerror=alert(2)> beside **bold**, `code`, [a link](https://outside.example.com)"
        in turn.inner_text()
    )
    assert "${1+1} {{value}}" in turn.inner_text()
    citation(page, 1, 1).click()
    assert shown_quote(page) == [given.CLERK.text, True]
    assert page.locator("#ask script, #ask img, #ask b, #ask a[href*=outside], #ask a[href^=javascript]").count() == 0
    page.mouse.move(5, 5)
    citation(page, 1, 1).hover()
    assert given.CLERK.text in page.get_by_role("tooltip").inner_text()


def test_right_to_left_text_runs_from_the_right(page):
    ask(page, "What did the minister say?")
    assert page.locator("#turn-1 blockquote").evaluate("(quote) => getComputedStyle(quote).direction") == "rtl"
    citation(page, 1, 1).click()
    assert shown_quote(page) == [given.MINISTER.text, True]


def test_an_article_of_two_megabytes_is_opened_at_its_sentence(page):
    assert len(given.LONG.text) > 1_900_000
    ask(page, "Which colour was chosen?")
    citation(page, 1, 1).click()
    assert shown_quote(page) == [given.COLOUR.text, True]
    assert page.locator("#evidence .reading .text").evaluate("(text) => text.textContent.length") > 1_900_000


def test_on_a_phone_there_is_one_column_and_sources_come_up(browser, address):
    with watched_page(browser, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True) as page:
        page.goto(address)
        ask(page, "What did the mayor say?")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        citation(page, 1, 2).tap()
        page.wait_for_timeout(300)  # the sheet comes up
        assert shown_quote(page) == [given.RAISED.text, True]
        keep_picture(page, "phone")
        page.get_by_role("button", name="Close").tap()
        page.locator("#evidence").wait_for(state="hidden")
        assert page.evaluate("document.activeElement.dataset.number") == "2"
        citation(page, 1, 1).tap()
        page.locator("#cite-1-1.shown").wait_for(state="visible")
        page.go_back()
        page.locator("#evidence").wait_for(state="hidden")
        page.get_by_role("button", name="Conversations").tap()
        page.locator("#history .entry").wait_for(state="visible")
        assert violations(page) == []
        page.touchscreen.tap(380, 400)  # beside the list
        page.locator("#history .entry").wait_for(state="hidden")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_light_and_dark_follow_the_system_have_a_switch_and_can_be_read_by_all(browser, address, scheme):
    paper = {"light": "rgb(248, 247, 244)", "dark": "rgb(22, 21, 19)"}
    other = {"light": "dark", "dark": "light"}[scheme]

    def colour():
        return page.evaluate("getComputedStyle(document.body).backgroundColor")

    with watched_page(browser, color_scheme=scheme) as page:
        page.goto(address)
        page.locator("#welcome h2").wait_for()
        assert colour() == paper[scheme]
        assert violations(page) == []
        keep_picture(page, f"welcome-{scheme}")
        ask(page, "What did the mayor say?")
        ask(page, "Why is the sky blue?")
        ask(page, "What does it cost?")
        answered(page, "What does it cost?").get_by_role("button", name="Good").click()
        page.get_by_text("Noted: good.").wait_for()
        page.locator("#history summary").first.click()
        assert violations(page) == []
        keep_picture(page, f"conversation-{scheme}")
        citation(page, 3, 1).click()
        assert violations(page) == []
        page.get_by_role("button", name="Light or dark").click()
        assert colour() == paper[other]
        page.reload()
        answered(page, "What does it cost?").wait_for()
        assert colour() == paper[other]


def test_a_question_sent_at_once_is_answered_and_kept(browser, address):
    with watched_page(browser) as page:
        page.goto(address, wait_until="commit")
        page.locator("#question textarea").wait_for()
        ask(page, "What did the mayor say?")
        assert citation(page, 1, 1).is_visible()
        page.wait_for_url(re.compile(r"conversation="))
        page.reload()
        answered(page, "What did the mayor say?").wait_for()
