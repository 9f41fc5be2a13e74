"""Who may open the page: users, the names it is called by, and the endpoints for programs behind them."""

import ast
import asyncio
import threading
import time
from contextlib import contextmanager

import httpx
import pytest

from assistant.ask import Assistant
from assistant.cli import main
from assistant.history import open_history
from assistant.page.access import Access, checker, read_users
from assistant.page.hosts import is_loopback, name_of, own_names
from assistant.page.launch import build_server, open_listener
from assistant.page.parts import Parts
from assistant.scorer import WordScorer
from assistant.settings import Settings
from index.errors import AssistantError
from index.search import Searcher

# Gradio sums up its queue with an option that this pandas warns of.
pytestmark = pytest.mark.filterwarnings("ignore:.*no_silent_downcasting")
TOWNS = ("Aster", "Borg", "Calder", "Dunmore", "Elmstad", "Fenwick", "Garde", "Hollin", "Isker", "Jarrow",
         "Kelso", "Lund", "Marle", "Norby", "Orsund", "Pell", "Quarry", "Rennes", "Sarn", "Tarn")  # fmt: skip


@contextmanager
def served(assistant, access):
    """The page on a free port, with its address."""
    servers = []

    async def serve():
        parts = Parts(assistant, assistant.library.folder / "uploads", open_history(assistant.library.folder))
        servers.append(build_server(parts, access))
        await servers[0].serve(sockets=[listener])

    with open_listener("127.0.0.1", 0) as listener:
        thread = threading.Thread(target=lambda: asyncio.run(serve()))
        thread.start()
        while thread.is_alive() and not (servers and servers[0].started):
            time.sleep(0.02)
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            servers[0].should_exit = True
            thread.join()


class Slow(WordScorer):
    """Takes its time, so that a queue forms."""

    def read(self, question, hits):
        time.sleep(0.1)
        return super().read(question, hits)


@pytest.fixture
def assistant(library, embedder, put, article):
    put(
        *(
            article(town, f"The mill of {town} employs {n + 30} people, the owner of {town} said.")
            for n, town in enumerate(TOWNS)
        )
    )
    searcher = Searcher(library, library.rankings(), embedder)
    return Assistant(Settings(refuse_below=0.01), library, embedder, searcher, Slow(library, embedder))


def test_users_are_read_from_pairs_and_a_file(tmp_path):
    (tmp_path / "users").write_text("# the desk\nines:a:colon stays\n\ntom:pass\n")
    users = read_users(["maja:secret"], tmp_path / "users")
    assert users == {"maja": "secret", "ines": "a:colon stays", "tom": "pass"}
    check = checker(users)
    assert check("maja", "secret")
    assert not any(check(*pair) for pair in (("maja", "wrong"), ("nobody", ""), ("nobody", "secret"), ("maja", "")))
    assert checker({}) is None


@pytest.mark.parametrize("pair", ["maja", ":secret", "maja:", ""])
def test_a_user_without_name_or_password_is_refused(pair):
    with pytest.raises(AssistantError, match="`name:password`"):
        read_users([pair])


def test_a_file_of_users_that_cannot_be_read_is_told(tmp_path):
    (tmp_path / "empty").write_text("# nobody\n")
    for file, told in ((tmp_path / "none", "cannot be read"), (tmp_path / "empty", "names no users")):
        with pytest.raises(AssistantError, match=told):
            read_users([], file)
    with pytest.raises(AssistantError, match="given twice"):
        read_users(["maja:one", "maja:two"])


def test_names_are_taken_out_of_host_headers():
    headers = ("localhost:7860", "[::1]:7860", "News.Example.org.", "127.0.0.1", "[::1]")
    assert [name_of(header) for header in headers] == ["localhost", "::1", "news.example.org", "127.0.0.1", "::1"]
    assert [is_loopback(host) for host in ("127.0.0.9", "::1", "localhost", "0.0.0.0", "10.0.0.1", "x.org")] == [
        True
    ] * 3 + [False] * 3
    assert own_names("127.0.0.1", ["Desk.local"]) == {"localhost", "127.0.0.1", "desk.local"}


def test_a_rebound_name_is_refused_and_users_are_asked_for(assistant):
    with served(assistant, Access({"maja": "secret"}, own_names("127.0.0.1", ["desk.example.org"]))) as address:
        statuses = {
            host: httpx.get(address, headers={"host": host}).status_code
            for host in (
                "evil.example.com",
                "localhost:1",
                "127.0.0.1",
                "[::1]:80",
                "desk.example.org",
                "localhost.evil.com",
            )
        }
        assert statuses == {
            "evil.example.com": 421, "localhost:1": 200, "127.0.0.1": 200, "[::1]:80": 200, "desk.example.org": 200,
            "localhost.evil.com": 421,
        }  # fmt: skip
        refused = httpx.post(f"{address}/gradio_api/call/ask", json={"data": ["Who?"]})
        assert refused.status_code == 401
        assert httpx.post(f"{address}/login", data={"username": "maja", "password": "wrong"}).status_code == 400
        from gradio_client import Client

        client = Client(address, auth=("maja", "secret"), verbose=False, httpx_kwargs={"timeout": 60})
        assert client.predict("How many people does the mill of Lund employ?", api_name="/ask")["refused"] is False


def test_twenty_programs_get_their_own_answers_and_hear_where_they_are(assistant):
    with served(assistant, Access()) as address:
        from gradio_client import Client

        client = Client(address, verbose=False, httpx_kwargs={"timeout": 60})
        jobs = [client.submit(f"How many people does the mill of {town} employ?", api_name="/ask") for town in TOWNS]
        waiting = set()
        while not all(job.done() for job in jobs):
            waiting |= {rank for job in jobs if (rank := job.status().rank) is not None}
            time.sleep(0.02)
        answers = [job.result() for job in jobs]
        for number, (town, answer) in enumerate(zip(TOWNS, answers, strict=True)):
            quote = answer["quotes"][0]
            assert quote["article"]["id"].endswith(town)
            assert f" {number + 30} people" in quote["text"]
            stored = assistant.library.find_article(quote["article"]["id"])
            assert stored.text[quote["start"] : quote["end"]] == quote["text"]
        assert waiting
        assert all(0 <= rank < len(TOWNS) for rank in waiting)
        with pytest.raises(Exception, match="'soon' is not a day: write it as 2024-03-31"):
            client.predict("Who?", since="soon", api_name="/ask")
        found = client.predict("mill of Lund", limit=2, sources=["Example Courier"], api_name="/search")
        assert found[0]["article"]["id"].endswith("Lund")
        assert client.predict("mill of Lund", sources=["Nobody"], api_name="/search") == []


def test_the_answers_are_tools_of_mcp(assistant):
    pytest.importorskip("mcp", reason="the mcp extra is not installed")
    with served(assistant, Access(mcp=True)) as address:
        tools, answer = asyncio.run(_call(f"{address}/gradio_api/mcp/"))
    assert {"ask", "search"} <= set(tools)
    assert "quoted" in tools["ask"].description
    assert tools["ask"].inputSchema["properties"].keys() >= {"question", "since", "until", "sources"}
    assert "38 people" in ast.literal_eval(answer)["quotes"][0]["text"]


async def _call(address):
    from mcp import ClientSession
    from mcp.client.streamable_http import streamable_http_client

    async with streamable_http_client(address) as (reading, writing, _), ClientSession(reading, writing) as session:
        await session.initialize()
        tools = {tool.name: tool for tool in (await session.list_tools()).tools}
        result = await session.call_tool("ask", {"question": "How many people does the mill of Isker employ?"})
        return tools, result.content[0].text


def test_serving_everybody_is_warned_of(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("assistant.page.launch_page", lambda *_, **__: None)
    options = ["--library", str(tmp_path / "library"), "--embedding-model", "hashing", "--reader", "words"]
    for more, warned in (([], False), (["--host", "0.0.0.0"], True), (["--host", "0.0.0.0", "--auth", "a:b"], False)):
        assert main(["chat", *options, *more]) == 0
        assert ("everybody who reaches this machine" in capsys.readouterr().err) is warned
