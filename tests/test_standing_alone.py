"""Made questions that stand alone: people in full, nothing left to the article, only people exchanged."""

import pytest

from assistant.evaluation.making import draft_questions
from assistant.made_questions.standing_alone import is_known_person, is_plain_person, make_stand_alone
from assistant.made_questions.story import Made, read_stored
from tests.page_stand_in import HARBOUR

TEXT = (
    "Mayor Tove Aune opened the Skarvik lighthouse in 1998. Aune said the lamp would burn all night. Disruptions hit "
    "a new high last week. Jell-O has been sold in Skarvik since March. The council got hundreds of letters about the "
    "ferry from Orsund. Bo Ek, also a sailor, left early. “Aune never asked the harbour board,” the clerk added."
)


@pytest.fixture
def story(article):
    return read_stored(article("light", TEXT))


def made(question, answer, origin="made:when", **fields):
    start = TEXT.index(answer)
    return Made(question, start, start + len(answer), origin, **fields)


def test_people_are_named_in_full_outside_of_quotations(story):
    asked = make_stand_alone(story, made("When did Aune open the lighthouse?", "1998", names=("Aune",)))
    assert (asked.question, asked.names) == ("When did Tove Aune open the lighthouse?", ("Tove Aune",))
    said = make_stand_alone(story, made("Who said “Aune never asked the harbour board”?", "the clerk", "made:who-said"))
    assert said.question == "Who said “Aune never asked the harbour board”?"
    count = make_stand_alone(story, made("How many letters about the ferry from Orsund came?", "hundreds of"))
    assert TEXT[count.start : count.end] == "hundreds"


@pytest.mark.parametrize(
    ("question", "answer", "origin", "topic"),
    [
        ("what Aune said about the lamp", "1998", "made:said", ""),
        ("What did Tove Aune say about the lamp?", "1998", "made:said", "the lamp"),
        ("What did Tove Aune think of their ferry?", "1998", "made:said", ""),
        ("When did disruptions hit a new high?", "last week", "made:when", ""),
        ("Who has been sold in Skarvik since March?", "Jell-O", "made:who", ""),
        ("Who was in Skarvik at 2?", "Tove Aune", "made:who", ""),
        ("Who opened the old lighthouse?", "Tove Aune", "made:who", ""),
        ("What did Tove Aune say about the keepers know?", "1998", "made:said", "the keepers know"),
        ("When had Tove Aune said on television?", "1998", "made:when", ""),
        ("How many metres is the Skarvik lighthouse almost high?", "1998", "made:how-many", ""),
        ("Who spoke about Skarvik?", "Tove Aune", "made:who-said", "Skarvik"),
        ("Who is Bo Ek?", "also a sailor", "made:role", ""),
    ],
)
def test_what_leans_on_its_article_is_left_out(story, question, answer, origin, topic):
    assert make_stand_alone(story, made(question, answer, origin, topic=topic)) is None


def test_a_person_is_known_by_title_or_by_speaking(story):
    assert is_known_person(story, "Tove Aune")
    assert not is_known_person(story, "Bo Ek")
    assert not is_known_person(story, "Jell-O")
    assert is_plain_person("Maja Lind")
    assert not any(
        map(is_plain_person, ("CEO Maja Lind", "Hurricane Maja", "Launching NASA", "Lind", "President Lind"))
    )


def test_only_people_are_exchanged(library, put, article):
    put(
        HARBOUR,
        article("a", "Tove Aune, the chairman of the Skarvik Harbour Board, said on Monday that the cranes had come."),
        article("b", "Bo Ek, the director of Orsund Museum, said on Tuesday that the new hall would be open by May."),
        article(
            "c", "Maja Lind, the mayor of Halm, said on Friday that the Tamsel Bridge was to be closed for a year."
        ),
    )
    swapped = [draft for draft in draft_questions(library, 12) if " instead of " in draft.kind]
    assert swapped
    people = {"Tove Aune", "Bo Ek", "Maja Lind"}
    assert {name for draft in swapped for name in draft.kind.split(" instead of ")} <= people
