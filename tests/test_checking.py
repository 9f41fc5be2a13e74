"""Generated sentences against passages: what is supported, what is marked, and what is named as missing."""

import random

import pytest

from assistant.checking import Checker
from assistant.claims import lacking_numbers, read_claims
from assistant.statements import Support
from benchmarks.made_answers import PLANTS, make_answers
from benchmarks.rewording import reword
from index.embedders import open_embedder
from index.hashing import HashingEmbedder
from index.records import Article, Hit

FERRY = (
    "The ferry between Orsund and Halm makes its last crossing on the first of June, the company told its staff. "
    "Nobody wanted to buy the two ships, which were built in 1974 and need new engines before next winter. "
    "“It breaks my heart,” said Maja Lind, the mayor of Orsund, on Monday. "
    "Poul Brix, who leads the union, said that 44 people would lose their work and $1.5 million in wages."
)
BRIDGE = (
    "The new bridge over the river Tamsel opened in May after four years of work. "
    "It cost 9 million euros, two more than planned, because of the soft ground on the northern bank."
)


def hit(text, name="a"):
    return Hit(1, Article(name, "News", text), 0, len(text), text, 1.0)


@pytest.fixture(scope="module")
def checker():
    return Checker(open_embedder())


@pytest.mark.parametrize(
    "sentence",
    [
        "The ferry between Orsund and Halm makes its last crossing on June first.",
        "The company told its staff that the ferry would cross for the last time on the first of June.",
        "Mayor Maja Lind of Orsund said that it broke her heart.",
        "The two ships were built in 1974 and need new engines.",
        "Forty-four people would lose their work, said union leader Poul Brix.",
        "According to Poul Brix, 44 people will lose $1,500,000 in wages.",
    ],
)
def test_what_the_passage_says_in_other_words_is_not_marked(checker, sentence):
    finding = checker.check(sentence, [hit(FERRY)])
    assert finding.support is not Support.UNSUPPORTED, finding
    assert finding.quote.text in FERRY
    assert finding.missing == ()


@pytest.mark.parametrize(
    ("sentence", "missing"),
    [
        ("The two ships were built in 1984 and need new engines.", ("1984",)),
        ("The ferry between Orsund and Bergen makes its last crossing in June.", ("Bergen",)),
        ("The ferry makes its last crossing on the first of July.", ("July",)),
        ("Maja Lind called it “a dark day for everybody” on Monday.", ("dark day for everybody",)),
        ("Poul Brix said that 440 people would lose their work.", ("440",)),
    ],
)
def test_what_stands_nowhere_is_named(checker, sentence, missing):
    finding = checker.check(sentence, [hit(FERRY)])
    assert (finding.support, finding.missing) == (Support.UNSUPPORTED, missing)


@pytest.mark.parametrize(
    "sentence",
    [
        "Maja Lind said that 44 people would lose their work and $1.5 million in wages.",
        "Poul Brix plans to publish a book about the mayor of Orsund before the end of the year.",
        "The new bridge over the river cost more than planned because of soft ground.",
    ],
)
def test_a_wrong_speaker_an_invention_and_a_wrong_passage_are_marked(checker, sentence):
    assert checker.check(sentence, [hit(FERRY)]).support is Support.UNSUPPORTED


def test_a_sentence_is_held_against_all_the_passages_it_cites(checker):
    both = "The bridge opened in May, and the ferry makes its last crossing on the first of June."
    assert checker.check(both, [hit(FERRY), hit(BRIDGE, "b")]).support is not Support.UNSUPPORTED


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("two", "2"),
        ("$1.5 billion", "1,500 million"),
        ("twenty-seven", "27"),
        ("10bn", "ten billion"),
        ("third", "3rd"),
    ],
)
def test_a_number_is_the_same_however_it_is_written(one, other):
    assert read_claims(f"It was {one} then.").numbers
    assert lacking_numbers(read_claims(f"It was {one} then."), read_claims(f"It was {other} then.")) == []


def test_rewording_keeps_names_and_numbers():
    sentence = "On Monday, Poul Brix of Orsund said that 3 of 44 people (all of them pilots) were injured in Aug. 1974."
    for seed in range(20):
        reworded = reword(sentence, "Poul Brix", random.Random(seed))
        held = read_claims(sentence)
        assert lacking_numbers(read_claims(reworded), held) == []
        assert "Poul Brix" in reworded
        assert "Orsund" in reworded


def test_made_answers_follow_from_the_articles_and_the_seed():
    people = ["Anna Berg", "Tom Holt", "Lisa Moor", "Carl Finch", "Eva Stern", "Hugo Marsh"]
    towns = ["Orsund", "Halm", "Tamsel", "Brunn", "Velde", "Skarp"]
    chance = random.Random(3)

    def story(number):
        who, other = chance.sample(people, 2)
        town, far = chance.sample(towns, 2)
        return " ".join(
            f"In the town of {town}, {who} announced on day {n} that {n + 10 * number + 13} people from {far} had been "
            f"injured during the storm. {other} said that the company of {who} would help many of them in {far}."
            for n in range(1, 9)
        )

    articles = [Article(f"a{n}", f"Story {n}", story(n)) for n in range(40)]
    count = HashingEmbedder().count_tokens
    made = make_answers(articles, count, answers=20, errors=10, seed=5)
    assert made == make_answers(articles, count, answers=20, errors=10, seed=5)
    planted = [one.planted for answer in made for one in answer.statements if one.planted]
    assert sorted(planted) == sorted(2 * PLANTS)
    assert all(sum(bool(one.planted) for one in answer.statements) <= 1 for answer in made)
    for answer in made:
        for one in answer.statements:
            assert one.planted == "invented" or one.text != one.source
            assert (one.cited[0] >= 2) == (one.planted == "passage")
