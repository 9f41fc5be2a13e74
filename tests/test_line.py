"""Who waits for an answer: in the order of asking, with their place told, and never behind somebody who has left."""

import asyncio

import page_stand_in as given

from assistant.history import open_history
from assistant.page.line import Line, in_turn
from assistant.page.parts import Parts
from assistant.page.replies import STOPPED, reply
from assistant.turns import Turn


def standing(name, told):
    """Work that tells its places while it waits, then its name, and ends at the next step."""

    def work(place):
        while waiting := place():
            yield waiting, f"{name} waits at {waiting}"
        yield 0, name
        told.append(f"{name} is done")

    return work


def test_the_first_are_answered_the_others_are_told_their_place_and_move_up():
    async def run():
        line, told = Line(2), []
        a, b, c, d, e = (in_turn(line, standing(name, told)) for name in "abcde")
        assert [await anext(one) for one in (a, b, c, d, e)] == [
            "a",
            "b",
            "c waits at 1",
            "d waits at 2",
            "e waits at 3",
        ]
        await d.aclose()  # who closes the page stands in nobody's way
        assert await anext(a, "over") == "over"
        assert await anext(c) == "c"
        assert await anext(e) == "e waits at 1"
        assert await anext(b, "over") == "over"
        assert await anext(e) == "e"
        assert told == ["a is done", "b is done"]
        await c.aclose()
        await e.aclose()
        assert [await anext(in_turn(line, standing(name, told))) for name in "fg"] == ["f", "g"]

    asyncio.run(run())


def test_a_question_that_waits_is_kept_shown_with_its_place_and_can_be_stopped(tmp_path):
    parts = Parts(given.StandIn(tmp_path), tmp_path, open_history(tmp_path))
    places = iter([2, 2, 1, 1])
    asking = reply(parts, "me", "", "mayor", place=lambda: next(places))
    frames = [next(asking) for _ in range(3)]
    assert [frame.place for frame in frames] == [0, 2, 1]
    assert "number 2 in line" in frames[1].current
    assert "this is next in line" in frames[2].current
    parts.history.finish("me", frames[0].conversation, Turn(1, "mayor", trouble=STOPPED))
    assert [frame.turn.trouble for frame in asking] == [STOPPED]
    (kept,) = parts.history.turns("me", frames[0].conversation)
    assert (kept.answer, kept.trouble) == (None, STOPPED)
