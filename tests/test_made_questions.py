"""Questions made of articles by rules; every article here is invented."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.made_questions.clauses import read_clause
from assistant.made_questions.fact_questions import make_facts
from assistant.made_questions.role_questions import make_roles
from assistant.made_questions.said import find_said
from assistant.made_questions.said_questions import make_said
from assistant.made_questions.story import Made, content_words, count_words, read_story
from assistant.made_questions.topics import Lexicon, in_other_words, topics_of
from index.records import Article
from training.made_questions import MOST_OF_PASSAGE, MOST_ROWS, as_typed, make_rows
from training.unanswerable import Pools, turn_unanswerable

BRIDGE = """The council closed the Harrow bridge on Monday after cracks were found in two pillars.

Mayor Maja Lind said that the old bridge was no longer safe for lorries. “We will open the bridge again when the last
pillar has been repaired,” Lind said. About 40 families were moved to a hotel in Harrow.

Tomas Quill, the chief engineer of Northway Rail, told reporters that the pillars had been inspected in spring.
Quill described the repairs as “a race against the river”. Northway raised $12 million for the repairs in 2019.
"""

FERRY = """Harbour master Odile Brandt bought the ferry Aurora in 2018. According to Brandt, the ferry needs an engine.

“The island cannot live without a ferry in winter,” said Ivo Pell, 61, who keeps the lighthouse. The ferry carries
200 passengers. Police arrested 14 men in Sandvik on Friday. Sandvik Mayor Erik Holm was born in Tarn.
"""


def article(text, title="The bridge at Harrow stays closed", name="a"):
    return Article(id=name, title=title, text=" ".join(text.split("\n")).replace("  ", "\n\n"))


ARTICLES = [article(BRIDGE), article(FERRY, "A ferry for the island", "b")]


def story(text, title=""):
    return read_story(Article(id="x", title=title, text=text), count_words)


def made(text, origin, title="", seeds=12):
    """Question and answer of all that is made of a text, with several seeds."""
    told = story(text, title)
    lexicon = Lexicon([text])
    found = set()
    for seed in range(seeds):
        chance = random.Random(seed)
        for one in [*make_said(told, lexicon, chance), *make_facts(told), *make_roles(told, chance)]:
            if one.origin == f"made:{origin}":
                found.add((one.question, told.text[one.start : one.end]))
    return found


SAID = [
    (
        "Maja Lind opened the road. “The tunnel will be ready by winter,” Lind said.",
        "The tunnel will be ready by winter",
    ),
    ("Maja Lind said that the tunnel would be ready by winter.", "the tunnel would be ready by winter"),
    ("Maja Lind told reporters on Monday that the tunnel was late again.", "the tunnel was late again"),
    ("According to Maja Lind, the tunnel will be ready by winter.", "the tunnel will be ready by winter"),
    ("The tunnel will be ready by winter, Maja Lind said Tuesday.", "The tunnel will be ready by winter"),
    ("The tunnel will be ready by winter, according to Maja Lind.", "The tunnel will be ready by winter"),
    ("Maja Lind said: “The tunnel will be ready by winter.”", "The tunnel will be ready by winter"),
]


@pytest.mark.parametrize(("text", "span"), SAID)
def test_what_is_said_is_the_span(text, span):
    told = story(text)
    assert [told.text[one.start : one.end] for one in find_said(told)] == [span]
    assert {one.speaker for one in find_said(told)} == {"Maja Lind"}


@pytest.mark.parametrize(("text", "span"), SAID)
def test_what_did_somebody_say(text, span):
    questions = made(text, "said")
    assert questions
    for question, answer in questions:
        assert answer == span
        assert "Lind" in question
        assert "tunnel" in question or "road" in question


@pytest.mark.parametrize(
    "text",
    [
        "Maja Lind said goodbye to the old tunnel.",
        "The tunnel was closed on Monday and nobody knew why.",
        "A “very big” tunnel was closed.",
        "He said that the tunnel was closed again.",
    ],
)
def test_nothing_is_made_of_what_nobody_says(text):
    assert not made(text, "said")


def test_a_topic_of_the_sentence_before_is_not_repeated_in_the_answer():
    text = "Maja Lind spoke of the harbour. “Nobody will lose a house over this,” Lind said. The harbour is old."
    assert ("What did Lind say about the harbour?", "Nobody will lose a house over this") in made(
        text, "said", seeds=99
    )


@pytest.mark.parametrize(
    ("text", "question", "answer"),
    [
        ("Maja Lind said that the tunnel was never safe.", "Who said that the tunnel was never safe?", "Maja Lind"),
        ("The tunnel was unsafe in winter, said Ivo Pell.", "Who said the tunnel was unsafe in winter?", "Ivo Pell"),
        ("“Every door will stay open,” Odile Brandt said.", "Who said “Every door will stay open”?", "Odile Brandt"),
    ],
)
def test_who_said(text, question, answer):
    assert (question, answer) in made(text, "who-said", seeds=40)


@pytest.mark.parametrize(
    ("text", "question", "answer"),
    [
        ("Ivo Pell called the plan “a gift to the rich”.", "What did Pell call the plan?", "a gift to the rich"),
        ("Ivo Pell described the storm as “a wild dog”.", "How did Ivo Pell describe the storm?", "a wild dog"),
    ],
)
def test_what_somebody_called_it(text, question, answer):
    assert (question, answer) in made(text, "called", seeds=40)


FACTS = [
    ("how-many", "About 40 families were moved to a hotel.", "How many families were moved to a hotel?", "About 40"),
    ("how-many", "Police arrested 14 men in Sandvik.", "How many men did police arrest in Sandvik?", "14"),
    ("how-many", "There were 30 boats in the harbour.", "How many boats were there in the harbour?", "30"),
    ("how-many", "About 60% of farmers support the dam.", "What percentage of farmers support the dam?", "About 60%"),
    ("how-much", "Northway raised $12 million for the repairs.", "How much did Northway raise for the repairs?",
     "$12 million"),
    ("how-much", "The company sold the mill for $3 million.", "How much did the company sell the mill for?",
     "$3 million"),
    ("how-much", "The average price of a house was $310,000 in May.", "What was the average price of a house in May?",
     "$310,000"),
    ("when", "The ferry was built in 2018.", "When was the ferry built?", "2018"),
    ("when", "The council closed the bridge on Monday.", "When did the council close the bridge?", "Monday"),
    ("when", "In 2016, Northway bought the old mill.", "When did Northway buy the old mill?", "2016"),
    ("where", "Erik Holm was born in Tarn.", "Where was Erik Holm born?", "Tarn"),
    ("where", "The boats were found near Sandvik on Friday.", "Where were the boats found on Friday?", "Sandvik"),
    ("who", "Odile Brandt bought the ferry in spring.", "Who bought the ferry in spring?", "Odile Brandt"),
    ("who", "On Monday, Ivo Pell won the race to Tarn.", "Who won the race to Tarn?", "Ivo Pell"),
    ("who-is", "Sandvik Mayor Erik Holm left early.", "Who is Sandvik's mayor?", "Erik Holm"),
    ("who-is", "Tomas Quill, the chief engineer of Northway Rail, came.", "Who is the chief engineer of Northway Rail?",
     "Tomas Quill"),
    ("role", "Tomas Quill, the chief engineer of Northway Rail, came.", "Who is Tomas Quill?",
     "the chief engineer of Northway Rail"),
    ("role", "Ann Vale, a teacher at Tarn College, came.", "What does Ann Vale do?", "a teacher at Tarn College"),
    ("how-old", "Ivo Pell, 61, keeps the lighthouse.", "How old is Ivo Pell?", "61"),
    ("how-old", "Ann Vale, 34, left the island.", "How old is Vale?", "34"),
]  # fmt: skip


@pytest.mark.parametrize(("origin", "text", "question", "answer"), FACTS)
def test_facts(origin, text, question, answer):
    assert (question, answer) in made(text, origin)


@pytest.mark.parametrize(
    "text",
    [
        "He bought the ferry in 2018.",
        "The ferry that he had bought sank.",
        "“We sold the mill for $3 million,” Ivo Pell said.",
        "Because the council closed the bridge, nobody came.",
    ],
)
def test_sentences_of_another_build_are_left_alone(text):
    assert not list(make_facts(story(text)))


def test_a_clause_is_turned():
    told = story("The council closed the bridge on Monday, and nobody knew why.")
    clause = read_clause(told, *told.sentences[0])
    assert clause is not None
    assert clause.asked() == "did the council close"
    assert clause.rest == " the bridge on Monday"
    assert told.text[clause.rest_at :].startswith(clause.rest)


def test_adjectives_and_verbs_end_no_topic():
    corpus = (
        "The old mill is shut. The old road is shut. It opens soon. The gap opens. They open the gap. The mill is old."
    )
    lexicon = Lexicon([corpus])
    assert lexicon.is_noun("mill")
    assert not lexicon.is_noun("old")
    assert topics_of("He spoke of the old mill.", corpus, lexicon) == ["the old mill"]


def test_topics_do_not_name_the_speaker():
    assert topics_of("He saw the Lind family in Tarn.", "Tarn Tarn", Lexicon([]), "Maja Lind") == ["Tarn"]


def test_a_topic_in_other_words():
    assert in_other_words("the lawsuit", random.Random(0)) == "the legal case"
    assert in_other_words("Tarn", random.Random(0)) == "Tarn"


def test_rows_are_exact_and_from_the_passages():
    passages = {one.text for item in ARTICLES for one in read_story(item, count_words).passages}
    rows = list(make_rows(ARTICLES * 3, seed=1))
    assert rows
    for row in rows:
        assert row.passage in passages
        assert row.answerable == (not row.origin.endswith(":none"))
        assert row.answer == row.answer.strip()


def test_rows_of_an_article_and_of_a_passage_are_few():
    rows = list(make_rows(ARTICLES[:1], seed=3))
    assert len(rows) <= MOST_ROWS
    assert max(sum(row.passage == other.passage for row in rows) for other in rows) <= MOST_OF_PASSAGE


def test_the_same_seed_makes_the_same_rows():
    assert list(make_rows(ARTICLES, seed=5)) == list(make_rows(ARTICLES, seed=5))
    assert list(make_rows(ARTICLES, seed=5)) != list(make_rows(ARTICLES, seed=6))


def test_a_question_without_an_answer_has_something_that_the_passage_does_not():
    made_rows = [row for seed in range(40) for row in make_rows(ARTICLES, seed)]
    unanswerable = [row for row in made_rows if not row.answerable]
    answerable = {(row.question.lower().rstrip(" ?"), row.passage) for row in made_rows if row.answerable}
    assert {row.origin for row in unanswerable} >= {"made:said:none"}
    for row in unanswerable:
        assert (row.question.lower().rstrip(" ?"), row.passage) not in answerable
        assert content_words(row.question) - content_words(row.passage)


def test_a_swapped_name_stands_nowhere_in_the_passage_or_title():
    told = read_story(ARTICLES[0], count_words)
    pools = Pools(people=("Maja Lind", "Tomas Harrow", "Odile Brandt"), others={}, topics=())
    question = Made("What did Lind say about the pillar?", 0, 5, "made:said", ("Lind",), "", "Maja Lind")
    turned = {turn_unanswerable(told, question, told.passages[0], pools, random.Random(seed)) for seed in range(60)}
    swapped = {one[0] for one in turned if one and "Lind" not in one[0]}
    assert swapped == {"What did Brandt say about the pillar?"}


def test_a_swapped_topic_shares_no_word_with_the_passage_or_title():
    told = read_story(ARTICLES[0], count_words)
    pools = Pools(people=(), others={}, topics=("the bridge", "the hotels", "the ferry"))
    question = Made("What did Lind say about the pillar?", 0, 5, "made:said", ("Lind",), "the pillar", "Maja Lind")
    turned = {turn_unanswerable(told, question, told.passages[0], pools, random.Random(seed)) for seed in range(60)}
    swapped = {one[0] for one in turned if one and "pillar" not in one[0]}
    assert swapped == {"What did Lind say about the ferry?"}


def test_the_same_question_of_another_passage_is_without_the_answer():
    text = " ".join(f"The {word} stood by the old road for many years and nobody came." for word in "abcdefghijklmnop")
    told = story(f"Ivo Pell, 61, keeps the lighthouse. {text}")
    question = Made("How old is Ivo Pell?", 10, 12, "made:how-old", (), "", "")
    assert told.text[10:12] == "61"
    turned = turn_unanswerable(told, question, told.passages[0], Pools((), {}, ()), random.Random(0))
    assert turned is not None
    assert turned[0] == question.question
    assert "61" not in turned[1].text


def test_questions_as_typed():
    typed = [as_typed("Who is Ivo Pell?", random.Random(seed)) for seed in range(400)]
    assert set(typed) == {"Who is Ivo Pell?", "who is ivo pell?", "Who is Ivo Pell", "who is ivo pell"}
    assert 30 < sum(question.islower() for question in typed) < 90
    assert 30 < sum(not question.endswith("?") for question in typed) < 90


ODD = [
    "",
    " \n",
    "“",
    "“”",
    "said",
    "Said said, said Said.",
    "$",
    "In 2019,",
    ", 34, ",
    "A B C D E",
    "According to , .",
]
ODD += ["“Oh,” ” said “", "About 3 of\u2028 2 were", "Mr. said that", "50% of", "There were 2 s"]


@pytest.mark.parametrize("text", ODD)
def test_odd_articles_do_no_harm(text):
    list(make_rows([article(text, ""), Article(id="c", title=text, text=text), *ARTICLES], seed=2))


@settings(deadline=None, max_examples=40)
@given(
    st.lists(
        st.sampled_from([*BRIDGE.split(". "), *FERRY.split(". "), "“", "”", "\n\n", "said", ", according to"]),
        max_size=12,
    ),
    st.integers(0, 99),
)
def test_any_order_of_sentences_gives_exact_rows(sentences, seed):
    for row in make_rows([Article(id="x", title="Bridge", text=". ".join(sentences)), *ARTICLES], seed):
        assert bool(row.answer) == row.answerable
        assert row.question.strip()
