"""What the page writes for a turn: the answer with its citations, its evidence, and a conversation as Markdown."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime

import page_stand_in as given
import pytest
from hypothesis import example
from hypothesis import given as draw
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from assistant.answer import REFUSAL, Answer
from assistant.history import open_history
from assistant.page.citations import to_blocks
from assistant.page.conversation import render_turn, render_welcome, write_age, write_quote, write_refusal
from assistant.page.evidence import build_cards, list_others, render_evidence
from assistant.page.export import escape_markdown, write_markdown
from assistant.page.marking import CONTEXT, Mark, cut_excerpts, mark_paragraphs, mark_text
from assistant.page.parts import Parts
from assistant.page.replies import MAX_QUESTION, STOPPED, reply
from assistant.turns import Turn
from index.errors import QuestionError
from index.lists import Summary
from index.records import Article, Hit, Version

LIBRARY = Summary(1329, 9000, date(2022, 1, 3), date(2024, 6, 28))


def turn(answer, number=1, **fields):
    return Turn(number, answer.question, answer, **fields)


def look_up(article_id):
    return given.StandIn(None).versions(article_id)


def kept(*articles):
    """Versions of an article, the last as it is now; each was seen a day after the one before."""
    seen = [datetime(2023, 4, day, tzinfo=UTC) for day in range(1, len(articles) + 1)]
    return [Version(*row) for row in zip(articles, seen, [*seen[1:], None], strict=True)]


def words(html):
    """The text of HTML as it is read."""
    text = re.sub(r"<[^>]+>", "", html)
    for entity, letter in (
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&#39;", "'"),
        ("&#34;", '"'),
        ("&nbsp;", " "),
        ("&amp;", "&"),
    ):
        text = text.replace(entity, letter)
    return " ".join(text.split())


# ---- answers in the conversation


def test_quotes_stand_as_published_with_span_speaker_source_date_and_age():
    html = render_turn(turn(given.answer("?", given.MAYOR, given.RAISED), 7))
    assert "“We are <mark>building for our grandchildren</mark>,” Maja Lind, the mayor, told the council." in html
    assert "As published 14 March 2023" in html
    assert re.search(r'<span class="age">\d+ years? old</span>', html)
    assert "<strong>Maja Lind</strong>" in html
    assert (
        f'<cite data-address="{given.HARBOUR.url}">Harbour wall of Orsund to be raised</cite>, Example Courier' in html
    )
    assert re.findall(r'class="cite" href="#([^"]*)"', html) == ["cite-7-1", "cite-7-2"]


def test_a_quote_is_copied_with_speaker_title_source_day_and_address():
    assert write_quote(given.MAYOR) == (
        "“We are building for our grandchildren,” Maja Lind, the mayor, told the council.\n"
        "— Maja Lind · Harbour wall of Orsund to be raised · Example Courier · 14 March 2023 · "
        "https://news.example.org/harbour"
    )
    assert write_quote(given.CLERK).endswith("\n— <script>alert('title')</script> · <b>Nobody</b>")


def test_prose_links_its_markers_to_quotes_that_are_there_and_to_no_others():
    answer = replace(given.answer("?", given.COST), text="It costs much [1], says [2] of [0].\n\nAnd [1] <b>too</b>.")
    html = render_turn(turn(answer, 3))
    assert html.count('href="#cite-3-1"') == 2
    assert "cite-3-2" not in html
    assert "It costs much 1, says [2] of [0]." in words(html)
    assert "&lt;b&gt;too&lt;/b&gt;" in html


def test_a_timeline_keeps_its_dates_between_its_quotes():
    text = f"The latest, 14 March 2023:\n\n{given.RAISED.text} [1]\n\nBefore that:\n\n{given.COST.text} [2]"
    answer = replace(given.answer("?", given.RAISED, given.COST), text=text, timeline=True)
    assert [block.number for block in to_blocks(answer)] == [0, 1, 0, 2]


def test_markup_in_an_article_is_text_in_the_conversation_and_the_evidence():
    one = turn(given.answer("<i>?</i>", given.CLERK))
    for html in (render_turn(one), render_evidence([one], look_up)):
        assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &lt;img src=x onerror=alert(2)&gt;" in html
        assert not re.search(r"<(?:script|img|i|b)\b", html)
        assert "javascript:" not in html
        assert "outside.example.com" not in "".join(re.findall(r"<[^>]*>", html))


@pytest.mark.parametrize(
    ("searched", "written"),
    [
        (LIBRARY, "None of the 1,329 articles (January 2022 – June 2024) answers this."),
        (Summary(1, 2, date(2022, 1, 3), date(2022, 1, 3)), "The one article (January 2022) does not answer this."),
        (Summary(2, 2, None, None), "None of the 2 articles answers this."),
        (Summary(0, 0, None, None), "There are no articles to answer this from."),
        (None, "The articles don’t say."),
    ],
)
def test_a_refusal_says_what_was_searched(searched, written):
    assert write_refusal(searched) == written


def test_a_refusal_shows_the_nearest_passages_and_what_would_help():
    one = turn(given.refusal("Why?"), searched=LIBRARY)
    html = render_turn(one)
    assert "What would help" in html
    assert 'class="cite"' not in html
    shown = render_evidence([one], look_up)
    assert "Nearest passages, which do not answer it" in shown
    assert '<mark class="near">The last storm that flooded' in shown
    assert "among the sources" not in render_turn(turn(Answer("?", True, 0.0, REFUSAL), searched=LIBRARY))


@pytest.mark.parametrize(
    ("day", "age"), [(date(2024, 6, 1), ""), (date(2023, 5, 1), "1 year old"), (date(2020, 1, 1), "4 years old")]
)
def test_what_is_older_than_a_year_is_called_old(day, age):
    assert write_age(day, date(2024, 6, 15)) == age


def test_the_welcome_tells_of_the_library_or_how_to_begin_one():
    assert "1,329 articles (January 2022 – June 2024)" in render_welcome(LIBRARY)
    assert "The library is empty" in render_welcome(Summary(0, 0, None, None))
    assert 'data-question="Who paid?"' in render_welcome(LIBRARY, ["Who paid?"])


# ---- asking


def test_steps_come_first_then_the_answer_and_the_turn_is_kept(tmp_path):
    parts = Parts(given.StandIn(tmp_path), tmp_path, open_history(tmp_path))
    frames = list(reply(parts, "me", "", " What did the mayor say? "))
    assert [words(frame.current).partition("? ")[2] for frame in frames[:3]] == [
        "Asking",
        "Searching 2 articles",
        "Searching 2 articles Reading 24 passages",
    ]
    assert [frame.begun for frame in frames] == [True, False, False, False]
    (kept,) = parts.history.turns("me", frames[0].conversation)
    assert kept.answer == frames[-1].turn.answer
    assert (kept.number, kept.question, kept.searched.articles) == (1, "What did the mayor say?", 2)
    again = list(reply(parts, "me", frames[0].conversation, "What is the cost?"))
    assert 'id="turn-2"' in again[-1].current
    assert 'href="#cite-2-1"' in again[-1].current


def test_what_cannot_be_asked_is_a_kept_notice_and_a_blank_question_nothing(tmp_path):
    parts = Parts(given.StandIn(tmp_path), tmp_path, open_history(tmp_path))
    frames = list(reply(parts, "me", "", "???"))
    assert "'???' has no words: ask in words" in words(frames[-1].current)
    assert parts.history.turns("me", frames[0].conversation)[0].trouble == "'???' has no words: ask in words"
    assert list(reply(parts, "me", "", "  \n ")) == []
    assert len(parts.history.conversations("me")) == 1
    with pytest.raises(QuestionError, match="2,001 characters, and 2,000 can be asked at most: shorten it"):
        list(reply(parts, "me", "", "w" * (MAX_QUESTION + 1)))
    assert len(parts.history.conversations("me")) == 1


def test_a_question_that_is_left_is_kept_as_stopped(tmp_path):
    parts = Parts(given.StandIn(tmp_path), tmp_path, open_history(tmp_path))
    asking = reply(parts, "me", "", "mayor")
    conversation = next(asking).conversation
    asking.close()
    (kept,) = parts.history.turns("me", conversation)
    assert (kept.answer, kept.trouble) == (None, STOPPED)


def test_a_question_that_is_stopped_stays_so_and_its_work_is_given_up(tmp_path):
    parts = Parts(given.StandIn(tmp_path), tmp_path, open_history(tmp_path))
    asking = reply(parts, "me", "", "mayor")
    conversation = next(asking).conversation
    next(asking)
    parts.history.finish("me", conversation, Turn(1, "mayor", trouble=STOPPED))
    (last,) = asking
    assert (last.turn.trouble, last.turn.answer) == (STOPPED, None)
    assert STOPPED in words(last.current)


# ---- the evidence


def test_the_quote_is_marked_at_its_stored_place_in_its_article():
    html = render_evidence([turn(given.answer("What <is> it?", given.COST), 4)], look_up)
    assert (
        '<mark data-number="1" id="cite-4-1" tabindex="-1"><span class="number" aria-hidden="true">1</span>'
        "The state pays half of the <strong>14 million euros</strong>.</mark> The rest comes from the town"
    ) in html
    assert html.count('id="cite-4-1"') == 1
    assert '<a class="title" href="https://news.example.org/harbour" target="_blank" rel="noopener noreferrer"' in html
    assert "Example Courier · 14 March 2023 · Ines Aker, Tom Vale" in html
    assert "Also in 2 other articles: Example Wire, Evening Example" in html


def test_an_article_that_was_edited_or_went_is_told():
    one = turn(given.answer("?", given.COST))
    edited = replace(given.HARBOUR, text=given.HARBOUR.text.replace("half of the 14", "a third of the 15"))
    html = render_evidence([one], lambda _: kept(edited))
    assert "no longer says this" in html
    assert "It now reads: “The state pays a third of the 15 million euros.”" in html
    assert "no longer in the library" in render_evidence([one], lambda _: [])
    longer = replace(given.HARBOUR, text="A new beginning.\n" + given.HARBOUR.text)
    assert "earlier" not in render_evidence([one], lambda _: kept(longer))


def test_what_edits_changed_is_told_sentence_by_sentence_the_last_first():
    one = turn(given.answer("?", given.COST))
    edited = replace(given.HARBOUR, text=given.HARBOUR.text.replace("Three firms", "<b>Four</b> firms"))
    spaced = replace(edited, text=edited.text.replace("half of the", "half  of the"))
    again = replace(spaced, text=spaced.text.replace("Who pays\n", ""))
    html = render_evidence([one], lambda _: kept(given.HARBOUR, edited, spaced, again))
    changes = html[html.index('<details class="changes">') :]
    assert "What changed in this article (2)" in changes
    assert re.findall(r"<(del|ins)>(.*?)</", changes) == [
        ("del", "Who pays"),
        ("del", "Three firms have made offers."),
        ("ins", "&lt;b&gt;Four&lt;/b&gt; firms have made offers."),
    ]
    assert re.findall(r"On (\d+ \w+ \d+)", changes) == ["4 April 2023", "2 April 2023"]
    assert 'class="changes"' not in render_evidence([one], lambda _: kept(given.HARBOUR))


def test_what_else_was_read_has_its_probability_and_none_of_what_is_on_a_card():
    answer = given.answer("?", given.COST)
    text = given.HOSTILE.text.splitlines()[0]
    quoted = Hit(1, given.HARBOUR, 0, len(given.HARBOUR.text), given.HARBOUR.text, 1.0)
    other = Hit(2, given.HOSTILE, 0, len(text), text, 0.5)
    answer = replace(answer, read=(quoted, other), read_probabilities=(0.9, 0.123))
    (item,) = list_others(answer)
    assert (item.text, item.probability) == ("An article about pages.", 0.123)
    assert "12 %" in render_evidence([turn(answer)], look_up)


def test_all_turns_are_in_the_panel_and_the_last_is_shown():
    turns = [turn(given.answer("?", given.COST), 1), turn(given.answer("?", given.MAYOR), 2)]
    html = render_evidence(turns, look_up)
    assert re.findall(r'id="(cite-[^"]*)"', html) == ["cite-1-1", "cite-2-1"]
    assert [tag.endswith(" hidden>") for tag in re.findall(r"<section[^>]*>", html)] == [True, False]


def test_a_long_paragraph_is_cut_between_words():
    text = ("word " * 1000 + "Here it is. " + "tail " * 1000).strip()
    start = text.index("Here")
    (excerpt,) = cut_excerpts(text, [Mark(start, start + 11, (start, start + 4), 1)])
    before, _, after = excerpt.pieces
    assert excerpt.cut_before
    assert excerpt.cut_after
    assert CONTEXT <= len(before.plain) < CONTEXT + 10
    assert set(before.plain.split()) == {"word"}
    assert set(after.plain.split()) == {"tail"}


def test_a_card_has_all_quotes_of_its_article_in_the_order_of_its_text():
    (card,) = build_cards(given.answer("?", given.MAYOR, given.RAISED), look_up)
    assert card.numbers == (1, 2)
    marks = [piece.number for paragraph in card.paragraphs for piece in paragraph if piece.number]
    assert marks == [2, 1]


@st.composite
def marked_texts(draw_one):
    text = draw_one(st.text(min_size=1, max_size=60))
    place = st.integers(0, len(text))
    marks = []
    for number in range(draw_one(st.integers(0, 4))):
        start, first, last, end = sorted(draw_one(st.tuples(place, place, place, place)))
        marks.append(Mark(start, end, (first, last), number))
    return text, sorted(marks, key=lambda mark: mark.start)


@draw(marked_texts())
@example(("abcdef", [Mark(0, 4, (1, 2), 1), Mark(2, 6, (2, 3), 2)]))
def test_pieces_put_together_are_the_text(case):
    text, marks = case
    pieces = mark_text(text, 0, len(text), marks)
    assert "".join(piece.plain + piece.before + piece.span + piece.after for piece in pieces) == text
    lines = mark_paragraphs(text, marks)
    whole = ["".join(piece.plain + piece.before + piece.span + piece.after for piece in line) for line in lines]
    assert whole == [line.rstrip() for line in text.splitlines() if line.rstrip()]


# ---- a conversation as Markdown


def test_a_conversation_as_markdown_has_its_citations():
    written = write_markdown(
        "The *wall*", [turn(given.answer("Who pays?", given.COST)), turn(given.refusal("Why?"), 2)]
    )
    assert written == (
        "# The \\*wall\\*\n\n## Who pays?\n\n> The state pays half of the 14 million euros. \\[1\\]\n\nSources\n\n"
        "1. [Harbour wall of Orsund to be raised](<https://news.example.org/harbour>) · Example Courier · "
        "14 March 2023 · “The state pays half of the 14 million euros.”\n\n## Why?\n\nThe articles don’t say.\n"
    )


@draw(st.text())
@example("<script>alert(1)</script> ![p](x) [a](b) `c` **d** # e\n- f\n1. g &amp; ~~h~~ ***")
@example("1) one")
@example("+ plus")
def test_escaped_text_is_rendered_as_it_is(text):
    plain = " ".join(text.split()).replace("\x00", "\ufffd")
    (paragraph,) = MarkdownIt("commonmark").enable("strikethrough").parse(escape_markdown(plain))[1:2] or [None]
    shown = "".join(child.content for child in paragraph.children) if paragraph else ""
    assert {child.type for child in (paragraph.children if paragraph else ())} <= {"text", "text_special"}
    assert shown.replace("\u200b", "") == plain.replace("\u200b", "")


def test_a_right_to_left_article_is_quoted_letter_by_letter():
    text = "قال الوزير إن الجسر سيفتح يوم الاثنين. وبلغت الكلفة تسعة ملايين يورو."
    article = Article(id="r", title="الجسر", text=text)
    quote = given.quote(article, text.split(". ", maxsplit=1)[0] + ".")
    html = render_turn(turn(given.answer("?", quote)))
    assert '<blockquote dir="auto">قال الوزير إن الجسر سيفتح يوم الاثنين.' in html
