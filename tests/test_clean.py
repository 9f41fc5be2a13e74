"""Cleaning: what goes, what stays, that nothing is lost, and the labelled pages as a floor."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.cleaning import LABELS, judge, read_pages
from index.clean import (
    Cleaned,
    clean,
    countable_lines,
    is_recurring,
    normalise,
    recurring_lines,
    restore,
)
from index.noise.lines import find_noise

PAGES = read_pages(LABELS)
LINES = [line for page in PAGES for _, line in page.lines]
texts = st.one_of(
    st.text(),
    st.lists(st.sampled_from([*LINES, "", "  ", "\t", "\ufeff", "- ", "\r"])).map("\n".join),
)
STORY = (
    "The harbour of Port Vellan stays closed until Friday, its authority said.",
    "Forty ships are waiting outside the northern gate, most of them with grain.",
    "Engineers found cracks in the lock on Monday and stopped all traffic at once.",
    "The repair will cost nine million, which the region and the port are to share.",
)
ELSEWHERE = (
    "- Chess prodigy, 9, beats Almara’s champion in 31 moves",
    "- Is oat milk better for you? Three experts disagree",
    "- Brenwick’s mayor faces vote of no confidence on Tuesday",
)


def kept(*lines, **options):
    return clean("\n".join(lines), **options).text.split("\n")


@given(texts)
def test_normalising_twice_changes_nothing(text):
    once = normalise(text)
    assert normalise(once) == once
    assert not re.search(r"[\r\t\x00\x0b\x0c\x85\ufeff\u2028]|\n\n\n| \n|^\n|\n$", once)


@given(texts)
def test_cleaning_can_be_undone(text):
    cleaned = clean(text)
    assert restore(cleaned) == normalise(text)
    assert normalise(cleaned.text) == cleaned.text


@given(texts, st.lists(st.sampled_from(LINES)))
def test_cleaning_with_recurring_lines_can_be_undone_and_never_empties_a_text(text, recurring):
    cleaned = clean(text, title="A title", recurring=frozenset(recurring))
    assert restore(cleaned) == normalise(text)
    assert bool(cleaned.text) == bool(normalise(text))
    lines = normalise(text).split("\n")
    assert all(lines[number] == line for number, line in cleaned.removed)


def test_normalise_keeps_characters_as_published():
    text = "\ufeffﬁrst “line”\u00a0½\t—\x00 é\u00a0 \r\n\r\n\n\n  second\u2028third  \n\n"
    assert normalise(text) == "ﬁrst “line”\u00a0½ — é\n\n  second\nthird"


def test_blank_lines_around_noise_do_not_pile_up():
    cleaned = clean(f"Advertisement\n\n{STORY[0]}\n\nComments\n\n{STORY[1]}\n\nShare")
    assert cleaned.text == f"{STORY[0]}\n\n{STORY[1]}"
    assert cleaned.removed == (
        (0, "Advertisement"),
        (1, ""),
        (4, "Comments"),
        (5, ""),
        (7, ""),
        (8, "Share"),
    )


def test_a_text_of_noise_alone_is_kept():
    text = "Menu\nLog in\nComments"
    assert clean(text) == Cleaned(text, ())


def test_an_empty_text_stays_empty():
    assert clean(" \n\ufeff") == Cleaned("", ())
    assert restore(Cleaned("", ())) == ""


def test_other_stories_between_paragraphs_go():
    assert kept(*STORY[:2], *ELSEWHERE, *STORY[2:]) == list(STORY)


@pytest.mark.parametrize(
    "introduction",
    [
        "The port lists what else happened this week:",
        "What else happened",
        "These were the events of the week.",
        "The region argued about three things.",
    ],
)
def test_an_introduced_list_stays(introduction):
    lines = [*STORY[:2], introduction, *ELSEWHERE, *STORY[2:]]
    assert kept(*lines) == lines


def test_a_list_that_shares_the_articles_words_stays():
    points = (
        "- Port Vellan’s northern gate closed until Friday",
        "- Forty ships with grain are waiting outside",
        "- Repair of the lock to cost the region nine million",
    )
    lines = [*STORY[:2], *points, *STORY[2:]]
    assert kept(*lines) == lines


def test_the_title_counts_as_words_of_the_article():
    title = " ".join(ELSEWHERE)
    lines = [*STORY[:2], *ELSEWHERE, *STORY[2:]]
    assert kept(*lines, title=title) == lines


def test_a_list_before_the_first_paragraph_stays():
    lines = [*ELSEWHERE, *STORY]
    assert kept(*lines) == lines


def test_a_heading_takes_its_links_with_it_at_the_end_only():
    links = ("Chess prodigy, 9, beats champion in 31 moves", "Is oat milk better? Three experts disagree")
    assert kept(*STORY, "Most popular", *links) == list(STORY)
    prose = [*STORY, "Most popular", "The gate is the most popular place for anglers, who do not miss the ships."]
    assert kept(*prose) == prose


def test_labels_go_as_links_and_stay_as_facts():
    assert kept(STORY[0], "Watch: Drone flies over the broken lock", STORY[1]) == list(STORY[:2])
    facts = [STORY[0], "Where: Corn Field Stadium, Brenwick", "Watch: The free stream of the league", "Odds: 2.10"]
    assert kept(*facts) == facts


def test_a_label_run_into_its_link_goes_and_an_interview_stays():
    links = (
        "Cracks in the lock:What divers saw beneath the northern gate",
        "'Like a bathtub':Brenwick remembers the winter when the canal froze",
        "Stuck in port:40 ships wait for the lock to open",
        "PORT NEWS:Forty ships wait for the lock to open",
        "Still waiting:Will the grain be shipped before the harvest?",
    )
    assert kept(STORY[0], *links, STORY[1]) == list(STORY[:2])
    told = [
        STORY[0],
        "COURIER:How many ships are waiting outside the northern gate?",
        "VELLAN:We count forty of them, and there will be more on Friday.",
        "The gate opened at 7:30 and closed again at 9:45 as the tide fell",
        "Opening hours:Monday to Friday",
        "One demand stood above all: The repair must begin this week",
    ]
    assert kept(*told) == told


@pytest.mark.parametrize(
    "sentence",
    [
        "Comments by the minister drew anger on Tuesday.",
        "Share prices fell 3 % on Monday.",
        "Related companies were fined.",
        "“We use cookies for the basket only,” the owner said.",
        "“He used to contact me on Facebook,” she told the court.",
        "Sign up for the race by Friday, since there are only 300 places.",
        "The helpline can be reached at 0800 555 0199.",
        "Politics",
        "Facebook",
    ],
)
def test_a_line_of_an_article_is_no_noise(sentence):
    assert find_noise(sentence) is None


def test_a_long_paragraph_with_a_prompt_in_it_stays():
    paragraph = " ".join(STORY) + " Sign up for our newsletter here. " + " ".join(STORY)
    assert kept(paragraph) == [paragraph]


def test_recurring_lines_go_unless_the_article_is_made_of_them():
    line = "The week in the north, told by those who live there"
    assert kept(*STORY, line, recurring={line}) == list(STORY)
    copy = [line, STORY[0]]
    assert kept(*copy, recurring={line, STORY[0]}) == copy


def test_countable_lines_are_filled_and_short():
    assert countable_lines("One line\n\nOne line\n" + "x" * 201) == {"One line"}


def test_names_need_a_larger_share_than_sentences_to_recur():
    assert is_recurring(words=4, count=30, articles=1000)
    assert not is_recurring(words=4, count=29, articles=1000)
    assert not is_recurring(words=3, count=199, articles=1000)
    assert is_recurring(words=3, count=200, articles=1000)
    assert not is_recurring(words=9, count=4, articles=4)
    assert recurring_lines({"New Hampshire": 50, "Play our daily crossword now": 50}, 1000) == {
        "Play our daily crossword now"
    }


@pytest.mark.parametrize(("split", "precision", "recall"), [("dev", 0.99, 0.98), ("held-out", 0.99, 0.9)])
def test_labelled_pages_are_cleaned(split, precision, recall):
    judged = [line for page in PAGES if page.split == split for line in judge(page)]
    removed = [line for line in judged if line.removed]
    noise = [line for line in judged if line.label == "noise"]
    hits = [line for line in removed if line.label == "noise"]
    assert len(hits) >= precision * len(removed), [line for line in removed if line.label != "noise"]
    assert len(hits) >= recall * len(noise), [line for line in noise if not line.removed]


def test_the_first_article_loses_its_page_and_nothing_else(shared):
    text = (shared / "articles" / "000_91f183d49df1b122.txt").read_text(encoding="utf-8")
    removed = dict(clean(text).removed)
    assert sorted(removed) == [7, 8, 9, 10, 13, 27]
    assert removed[13] == "Get daily National news"
    assert removed[27] == "Comments"
