"""Who is said to be speaking: attribution, resolution to full names, quotations that go on, and narration."""

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.speakers import find_speaker
from assistant.speakers.quotations import quotation_spans
from index.sentences import sentence_spans

SEED = Path(__file__).resolve().parents[1] / ".." / "shared" / "articles" / "000_91f183d49df1b122.txt"
QUOTED_LIKE = st.text(alphabet=st.sampled_from(list("Ab said .,?!:\n\"'“”‘’„«»")), max_size=120)


def speaker(text: str, fragment: str) -> str | None:
    """Who says the sentence that holds `fragment`, which stands once in `text`."""
    assert text.count(fragment) == 1
    position = text.index(fragment)
    span = next(span for span in sentence_spans(text) if span[0] <= position < span[1])
    return find_speaker(text, *span)


NAMED = "The plan was made by Marta Lindqvist and Omar Haddad.\n"


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("“It holds,” Lindqvist said.", "Marta Lindqvist"),
        ("“It holds,” said Lindqvist.", "Marta Lindqvist"),
        ("“It holds,” said engineer Omar Haddad on Monday.", "Omar Haddad"),
        ("“It,” Haddad said, “holds.”", "Omar Haddad"),
        ("Haddad told reporters: “It holds.”", "Omar Haddad"),
        ('"It holds," Haddad told reporters.', "Omar Haddad"),
        ("'It holds,' Mr Haddad insisted.", "Omar Haddad"),
        ("„It holds“, said Lindqvist.", "Marta Lindqvist"),
        ("“It holds,'' Lindqvist said.", "Marta Lindqvist"),
        ("« It holds », Lindqvist said.", "Marta Lindqvist"),
        ("Lindqvist, the bridge’s designer, said it held.", "Marta Lindqvist"),
        ("The bridge’s designer, Ms. Lindqvist, said it held.", "Marta Lindqvist"),
        ("It held, according to Haddad.", "Omar Haddad"),
        ("It held, Haddad said.", "Omar Haddad"),
        ("Haddad has repeatedly said it holds.", "Omar Haddad"),
        ("Haddad tweeted: “It holds.”", "Omar Haddad"),
        ("Haddad was quoted by the radio as saying it held.", "Omar Haddad"),
        ("Haddad resigned, saying it would not hold.", "Omar Haddad"),
        ("“Does it hold?” Haddad wondered.", "Omar Haddad"),
        ("“It holds!” beamed Haddad.", "Omar Haddad"),
        ("Haddad, who sang in “The Ferry,” wrote that Lindqvist “made room” for him.", "Omar Haddad"),
        ("“It holds,” Minister for Orsund Marta Lindqvist said.", "Marta Lindqvist"),
        ("“It holds,” Secretary for Transport Safety Omar Haddad said.", "Omar Haddad"),
        ("“It holds,” said Tamsel Works engineer Marta Lindqvist.", "Marta Lindqvist"),
        ("“It holds,” said Marta Lindqvist and colleague Omar Haddad.", "Marta Lindqvist"),
        ("“It holds,” said TWO researcher Omar Haddad on Monday.", "Omar Haddad"),
        ("When asked about the storm, Lindqvist said it held.", "Marta Lindqvist"),
        ("The ministry said it held.", "ministry"),
        ("A Red Cross spokesperson said it held.", "Red Cross spokesperson"),
        ("Police said it held.", "police"),
        ("NATO said it held.", "NATO"),
        ("The Kremlin said it held.", "Kremlin"),
        ("Haddad praised the “fine work” of the crew.", None),
        ("Haddad called for help.", None),
        ("Haddad was told to wait.", None),
        ("Haddad urged drivers to take the ferry.", "Omar Haddad"),
        ("Haddad called on the crew not to wait.", "Omar Haddad"),
        ("Haddad was asked to wait.", None),
        ("Haddad ordered a coffee.", None),
        ("Haddad said goodbye.", None),
        ("The report said it held.", None),
        ("The film, titled “It Holds,” opens today.", None),
        ("It holds.", None),
    ],
)
def test_attribution_in_the_sentence_itself(sentence: str, expected: str | None):
    found = speaker(NAMED + sentence, sentence)
    assert (found or "").casefold() == (expected or "").casefold()


@pytest.mark.parametrize(
    ("mention", "full"),
    [
        ("President Joe Keller", "Joe Keller"),
        ("Sen. J. D. Marsh, R-Ohio,", "J. D. Marsh"),
        ("Prime Minister Ursula von der Weide", "Ursula von der Weide"),
        ("NATO Secretary General Jan-Erik O’Brien", "Jan-Erik O’Brien"),
        ("Secretary of State Łucja Żak", "Łucja Żak"),
        ("Republican Paul Nash Jr.", "Paul Nash Jr."),
        ("Pope Clement", "Pope Clement"),
        ("Mohammed al-Farsi", "Mohammed al-Farsi"),
        ("Apple CEO Ann Cole", "Ann Cole"),
    ],
)
def test_a_name_goes_without_its_title(mention: str, full: str):
    assert speaker(f"{mention} said that it rained.", "it rained") == full


def test_an_ambiguous_surname_is_the_person_last_named_in_full():
    text = "Ann Hardy came. Hardy said it rained.\nThen Tom Hardy came. Hardy said it snowed."
    assert speaker(text, "rained") == "Ann Hardy"
    assert speaker(text, "snowed") == "Tom Hardy"


def test_a_full_name_further_down_counts_too():
    assert speaker("Rain is coming, Hardy says.\nAnn Hardy is a forecaster.", "Rain") == "Ann Hardy"


def test_pronouns_follow_the_titles():
    text = "Mr. Tom Reed met Ms. Ann Cole. He said it rained. She said it snowed."
    assert speaker(text, "rained") == "Tom Reed"
    assert speaker(text, "snowed") == "Ann Cole"


def test_a_pronoun_is_nobody_in_the_quotation():
    text = "Ann Cole spoke.\n“Tom Reed will lose,” she said."
    assert speaker(text, "will lose") == "Ann Cole"


def test_every_sentence_of_a_quotation_has_its_speaker():
    text = "“It rained. It poured. We left,” Ann Cole said. “We were wet.” The road was closed."
    assert [speaker(text, part) for part in ("It rained", "It poured", "We left", "We were wet")] == ["Ann Cole"] * 4
    assert speaker(text, "The road") is None


def test_a_quotation_goes_on_in_the_next_paragraphs():
    text = "“It rained,” Ann Cole said.\n“It poured. We left.\n“We were wet.”\nThe road was closed."
    assert [speaker(text, part) for part in ("It poured", "We left", "We were wet")] == ["Ann Cole"] * 3
    assert speaker(text, "The road") is None


def test_a_paragraph_that_ends_in_a_colon_leads_in():
    text = "Asked about the rain, Ann Cole was brief:\n“We were wet. We left.”"
    assert speaker(text, "We were wet") == speaker(text, "We left") == "Ann Cole"


def test_an_office_is_its_holder_where_the_article_names_one():
    text = "Mayor Ann Cole came. The mayor said it rained. The governor said it snowed."
    assert speaker(text, "rained") == "Ann Cole"
    assert speaker(text, "snowed") == "governor"


def test_quotations_are_told_from_apostrophes():
    text = "'The dogs' owner won't come,' he said of the '90s, the players' “hero”."
    assert [text[start:end] for start, end in quotation_spans(text)] == ["'The dogs' owner won't come,'", "“hero”"]


@given(st.one_of(st.text(max_size=200), QUOTED_LIKE))
def test_any_text_can_be_asked(text: str):
    for start, end in sentence_spans(text):
        found = find_speaker(text, start, end)
        assert found is None or found.strip() == found != ""


@given(st.one_of(st.text(max_size=200), QUOTED_LIKE))
def test_quotations_do_not_overlap(paragraph: str):
    position = 0
    for start, end in quotation_spans(paragraph):
        assert position <= start < end <= len(paragraph)
        position = end


@pytest.mark.parametrize("unit", ["said ", "“a,” said ", "he said, ", "Ann Cole, ", "a said: ", "‘a ", "(", "“"])
def test_odd_articles_take_linear_time(unit: str):
    text = (unit * 60_000)[:60_000]
    began = time.perf_counter()
    find_speaker(text, 0, len(text))
    assert time.perf_counter() - began < 3


@pytest.mark.skipif(not SEED.exists(), reason="needs ../shared/articles")
@pytest.mark.parametrize(
    ("fragment", "expected"),
    [
        ("has “shattered” peace", "Jens Stoltenberg"),
        ("Whatever happens in the months", "Jens Stoltenberg"),
        ("It is failing already", "Jens Stoltenberg"),
        ("But we stand more united", "Jens Stoltenberg"),
        ("Canada is contributing in many ways", "Jens Stoltenberg"),
        ("“But then, of course", "Jens Stoltenberg"),
        ("And therefore I call on all allies", "Jens Stoltenberg"),
        ("Stoltenberg said that he’s encouraging", "Jens Stoltenberg"),
        ("He said Putin’s demand", "Jens Stoltenberg"),
        ("Europe and North America are standing", "Jens Stoltenberg"),
        ("They need at least some victory", "Vadym Denysenko"),
        ("Therefore our task is to stand", "Vadym Denysenko"),
        ("as “apocalyptic.”", "Red Cross spokesperson"),
        ("While Stoltenberg projected confidence", None),
        ("Stoltenberg praised Canada’s role", None),
        ("Mariupol is just one front", None),
    ],
)
def test_the_speakers_of_the_seed_article(fragment: str, expected: str | None):
    assert speaker(SEED.read_text(encoding="utf-8"), fragment) == expected


@pytest.mark.skipif(not SEED.exists(), reason="needs ../shared/articles")
def test_an_article_is_read_once_for_all_its_sentences():
    text = SEED.read_text(encoding="utf-8") + " "
    spans = sentence_spans(text)
    began = time.perf_counter()
    for start, end in spans:
        find_speaker(text, start, end)
    assert time.perf_counter() - began < 0.2
