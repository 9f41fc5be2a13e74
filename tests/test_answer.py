"""Quotes are checked slices, chosen without repeating; the scorer's clues by hand; refusing below the threshold."""

import math
from dataclasses import replace

import pytest

from assistant.answer import REFUSAL, Answer, apply_threshold, compose_answer
from assistant.candidates import gather_candidates
from assistant.clues import Kind, read_clues, stems_of
from assistant.quotes import Quote, choose_quotes
from assistant.reader import Evidence, Reading
from assistant.scorer import WordScorer
from index.errors import AssistantError
from index.hashing import HashingEmbedder
from index.records import Hit
from index.search import Searcher

TEXT = "Ann Lee opened the bridge. It cost nine million euros. Ann Lee opened the bridge today. Nobody came to see it."


@pytest.fixture
def evidence(article):
    stored = article("a", TEXT)
    hit = Hit(1, stored, 0, len(TEXT), TEXT, 1.0, copies=("https://news.example.org/copy",))

    def _evidence(sentence, score):
        start = TEXT.index(sentence)
        return Evidence(hit, start, start + len(sentence), (start, start + len(sentence)), score)

    return _evidence


def test_a_quote_that_is_not_in_its_article_is_an_error(article):
    with pytest.raises(AssistantError, match="does not stand at 0:3"):
        Quote(article("a", TEXT), 0, 3, "Bob", (0, 3))
    with pytest.raises(AssistantError, match="leaves its quote"):
        Quote(article("a", TEXT), 0, 3, "Ann", (0, 9))


@pytest.mark.parametrize(
    ("speaker", "sentence", "before"),
    [
        (None, "It cost nine million euros.", "Ann Lee opened the bridge."),
        (None, "She liked it.", "It cost nine million euros."),
        ("Ann Lee", "She liked it.", ""),  # who she is stands beside it
        ("Ann Lee", "“They would like it too,” she said.", "She liked it."),
        (None, "Nobody came to see it.", ""),
        (None, "This was in May.", ""),  # behind a heading
        (None, "Its end is not known.", ""),  # so long a sentence stands before it that it is not whole
    ],
)
def test_a_quote_that_leans_on_the_sentence_before_it_knows_that(article, speaker, sentence, before):
    text = (
        "Ann Lee opened the bridge. It cost nine million euros. She liked it. “They would like it too,” she said. "
        f"Nobody came to see it.\nThe day\nThis was in May. No{' more' * 200}. Its end is not known."
    )
    start = text.index(sentence)
    quote = Quote(article("a", text), start, start + len(sentence), sentence, (start, start + 3), speaker)
    assert quote.before == before


def test_what_is_quoted_is_not_told_before_another_quote(article):
    text = "Ann Lee opened the bridge. It cost nine million euros."
    stored = article("a", text)
    first, second = Quote(stored, 0, 26, text[:26], (0, 3)), Quote(stored, 27, len(text), text[27:], (27, 29))
    assert Answer("?", False, 1.0, "", (second,)).before(second) == first.text
    assert Answer("?", False, 1.0, "", (first, second)).before(second) == ""


def test_quotes_come_most_probable_first_and_never_say_the_same_twice(evidence):
    first = evidence("Ann Lee opened the bridge.", 0.8)
    again = evidence("Ann Lee opened the bridge today.", 0.7)
    second = evidence("It cost nine million euros.", 0.6)
    quotes = choose_quotes([first, again, second], 3)
    assert [quote.text for quote in quotes] == [first.text, second.text]
    assert quotes[0].copies == ("https://news.example.org/copy",)


def test_a_further_quote_must_mark_other_words(article):
    text = "Ann Lee opened the bridge. Flowers were thrown at the mayor, Ann Lee. Nobody else came: the pier was shut."
    stored = article("a", text)
    hit = Hit(1, stored, 0, len(text), text, 1.0)

    def mark(sentence, words, score):
        start = text.index(sentence)
        first = start + sentence.index(words)
        return Evidence(hit, start, start + len(sentence), (first, first + len(words)), score)

    surest = mark("Ann Lee opened the bridge.", "Ann Lee", 0.8)
    again = mark("Flowers were thrown at the mayor, Ann Lee.", "the mayor, Ann Lee", 0.7)
    other = mark("Nobody else came: the pier was shut.", "Nobody", 0.6)
    assert [quote.marked for quote in choose_quotes([surest, again, other], 3)] == ["Ann Lee", "Nobody"]


def test_a_further_quote_must_be_worth_showing(evidence):
    quotes = choose_quotes([evidence("Ann Lee opened the bridge.", 0.8), evidence("Nobody came to see it.", 0.1)], 3)
    assert len(quotes) == 1


def test_the_markers_number_the_quotes(evidence):
    reading = Reading((evidence("Ann Lee opened the bridge.", 0.8), evidence("It cost nine million euros.", 0.7)), 0.9)
    answer = compose_answer("What?", (), reading, max_quotes=3, refuse_below=0.5)
    assert answer.text == "Ann Lee opened the bridge. [1]\n\nIt cost nine million euros. [2]"
    assert not answer.refused


@pytest.mark.parametrize(("probability", "refused"), [(0.49, True), (0.5, False)])
def test_below_the_threshold_the_articles_do_not_say(evidence, probability, refused):
    reading = Reading((evidence("Ann Lee opened the bridge.", 0.8),), probability)
    answer = compose_answer("What?", (), reading, max_quotes=3, refuse_below=0.5)
    assert answer.refused is refused
    assert (answer.text == REFUSAL) is refused


def test_nothing_read_is_refused():
    answer = compose_answer("What?", (), Reading((), 0.0), max_quotes=3, refuse_below=0.0)
    assert answer.refused


def test_the_threshold_can_be_applied_afterwards(evidence):
    reading = Reading((evidence("Ann Lee opened the bridge.", 0.8),), 0.3)
    shown, refused = (compose_answer("What?", (), reading, max_quotes=3, refuse_below=low) for low in (0.0, 0.5))
    assert apply_threshold(shown, 0.5) == refused
    assert apply_threshold(shown, 0.3) == shown
    assert apply_threshold(refused, 0.0) == refused


@pytest.mark.parametrize("refuse_below", [0.0, 1.0])
def test_hits_are_also_given_in_the_order_of_reading(article, refuse_below):
    first, second, third, fourth = (Hit(n, article(f"a{n}", TEXT), 0, len(TEXT), TEXT, 1 / n) for n in range(1, 5))
    read = [
        Evidence(hit, start, start + 26, (start, start + 26), 0.5)
        for hit, start in ((third, 0), (second, 0), (third, 55))
    ]
    hits = (first, second, third, fourth)
    answer = compose_answer("What?", hits, Reading(tuple(read), 0.5), max_quotes=3, refuse_below=refuse_below)
    assert answer.read == (third, second, first, fourth)
    assert answer.hits == hits


def test_the_marked_words_are_those_of_the_first_quote(evidence):
    sentence = evidence("Ann Lee opened the bridge.", 0.8)
    marked = replace(sentence, span=(sentence.start, sentence.start + 7))
    reading = Reading((marked, evidence("It cost nine million euros.", 0.7)), 0.9)
    assert compose_answer("Who?", (), reading, max_quotes=3, refuse_below=0.5).marked == "Ann Lee"
    assert compose_answer("Who?", (), reading, max_quotes=3, refuse_below=1.0).marked == ""


def weight(found, passages):
    return math.log(1 + (passages - found + 0.5) / (found + 0.5))


def test_rare_words_weigh_more_and_absent_names_most():
    found = {"bridge": 9, "tamsel": 0}
    clues = read_clues("Which bridge crosses the Tamsel?", lambda word: found.get(word, 4), 10)
    # One passage in a hundred is added to what is no name: 0.1 of 10.
    bridge, crosses, tamsel = weight(9.1, 10), weight(4.1, 10), weight(0, 10)
    assert clues.weights == pytest.approx({"bridg": bridge, "cross": crosses, "tamsel": tamsel})
    assert clues.cover(stems_of("The Tamsel bridges")) == pytest.approx((tamsel + bridge) / (tamsel + bridge + crosses))
    assert clues.cover_names(stems_of("The Tamsel bridges")) == 1
    assert clues.cover_names(stems_of("A bridge crosses it")) == 0


@pytest.mark.parametrize(
    ("question", "kind", "speaker"),
    [
        ("How many ships waited?", Kind.NUMBER, set()),
        ("When did the ferry stop?", Kind.DATE, set()),
        ("Who won the cup?", Kind.NAME, set()),
        ("What did Maja Lind say about trees?", Kind.ANY, {"maja", "lind"}),
        ("how has the minister responded to the strike", Kind.ANY, {"minister"}),
        ("According to Bo Ek, why is the harbour closed?", Kind.ANY, {"bo", "ek"}),
        ("Why is the harbour closed?", Kind.ANY, set()),
    ],
)
def test_a_question_tells_what_it_asks_for(question, kind, speaker):
    clues = read_clues(question, lambda _: 1, 10)
    assert (clues.kind, set(clues.speaker)) == (kind, speaker)


def test_a_sentence_holds_the_kind_asked_for_only_if_the_question_does_not_name_it():
    clues = read_clues("Which city did Maja Lind visit?", lambda _: 1, 10)
    assert clues.holds_kind("In June Maja Lind went to Halm.")
    assert not clues.holds_kind("The mayor Maja Lind stayed at home.")


def test_the_words_of_the_one_asked_about_come_first(library, embedder, put, article):
    put(
        article(
            "trees",
            "“The trees along the road will all stay,” said Maja Lind, the mayor of Orsund, on Monday.\n"
            "“The trees along the road will have to go,” said Bo Ek, who speaks for the builders.\n",
        )
    )
    searcher = Searcher(library, library.rankings(), embedder)
    for name in ("Maja Lind", "Bo Ek"):
        question = f"What did {name} say about the trees along the road?"
        reading = WordScorer(library, embedder).read(question, searcher.search(question))
        assert f"said {name}" in reading.evidence[0].text


def test_every_sentence_is_read_once_and_is_a_slice(library, embedder, put, article):
    put(article("a", "\n".join(f"Fact number {n} is about the road on the hill above the town." for n in range(60))))
    hits = Searcher(library, library.rankings(), embedder).search("road on the hill")
    reading = WordScorer(library, embedder).read("What is the road on the hill?", hits)
    spans = [(item.start, item.end) for item in reading.evidence]
    assert len(set(spans)) == len(spans) > 10
    assert all(item.text.startswith("Fact number") and item.text.endswith("town.") for item in reading.evidence)
    scores = [item.score for item in reading.evidence]
    assert scores == sorted(scores, reverse=True)


def test_the_retriever_gives_documents_with_offsets(library, embedder, put, article):
    from assistant.retriever import ArticleRetriever

    put(article("a", TEXT))
    documents = ArticleRetriever(searcher=Searcher(library, library.rankings(), embedder), k=3).invoke("bridge")
    metadata = documents[0].metadata
    stored = library.find_article(metadata["article_id"])
    assert stored.text[metadata["start"] : metadata["end"]] == documents[0].page_content
    assert (metadata["published"], metadata["source"]) == ("2024-05-06", "Example Courier")


def test_a_link_to_another_story_and_a_subheading_that_asks_are_no_quotes(library, article):
    text = (
        "Bridge fire:What Ann Lee and the town know so far\nWho opened the bridge?\nAnn Lee opened the bridge at noon."
    )
    stored = article("a", text)  # as a library has it that was filled before cleaning knew such links
    hit = Hit(1, stored, 0, len(text), text, 1.0)
    vector = HashingEmbedder().embed_questions(["bridge"])[0]
    found = gather_candidates(read_clues("Who opened the bridge?", lambda _: 0, 0), vector, [hit], library)
    assert [item.text for item in found] == ["Ann Lee opened the bridge at noon."]
    asked = article("b", "“Who opened the bridge?”\n“Will it hold?” asked Ann Lee.")
    hits = [Hit(2, asked, 0, len(asked.text), asked.text, 1.0)]
    found = gather_candidates(read_clues("What did Ann Lee ask?", lambda _: 0, 0), vector, hits, library)
    assert [item.text for item in found] == asked.text.split("\n")
