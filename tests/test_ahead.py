"""Work is done ahead in order, no further than is wanted, and ends with whoever asked for it."""

import threading

import pytest
from web_site import wait_until

from index.ahead import work_ahead


def test_results_come_in_order_and_no_more_than_a_few_wait():
    taken = []

    def items():
        for number in range(50):
            taken.append(number)
            yield number

    for got, result in enumerate(work_ahead(lambda n: n * n, items(), most=4)):
        assert result == got * got
        assert len(taken) <= got + 5
    assert len(taken) == 50
    assert list(work_ahead(str, [], most=4)) == []


def test_it_goes_on_while_nobody_asks_but_not_without_end():
    done = []
    results = work_ahead(done.append, range(100), most=3)
    next(results)
    wait_until(lambda: done == [0, 1, 2, 3], 5)
    next(results)
    wait_until(lambda: done == [0, 1, 2, 3, 4], 5)
    results.close()
    assert done == [0, 1, 2, 3, 4]


def test_the_items_are_taken_by_who_asks_and_the_work_is_done_elsewhere():
    threads = {"taken": set(), "worked": set()}

    def items():
        for number in range(5):
            threads["taken"].add(threading.current_thread().name)
            yield number

    list(work_ahead(lambda _: threads["worked"].add(threading.current_thread().name), items()))
    assert threads["taken"] == {threading.current_thread().name}
    assert len(threads["worked"]) == 1
    assert threads["worked"] != threads["taken"]


def test_an_error_comes_in_its_turn_and_nothing_is_left_running():
    def work(number):
        if number == 3:
            raise ValueError("no such road")
        return number

    got = []
    with pytest.raises(ValueError, match="no such road"):
        got.extend(work_ahead(work, range(100), most=10))
    assert got == [0, 1, 2]
    assert not any(thread.name.startswith("ahead") for thread in threading.enumerate())


def test_who_stops_asking_stops_the_work():
    begun, go_on = [], threading.Event()

    def work(number):
        begun.append(number)
        go_on.wait(5)
        return number

    go_on.set()
    results = work_ahead(work, range(100), most=10)
    next(results)
    go_on.clear()
    next_one = threading.Timer(0.05, go_on.set)
    next_one.start()
    results.close()
    next_one.join()
    assert len(begun) <= 12
    assert not any(thread.name.startswith("ahead") for thread in threading.enumerate())
