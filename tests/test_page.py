"""The page: what it writes for an answer, what it serves, and that nothing of it leaves the machine."""

import asyncio
import re
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path

import httpx
import page_stand_in as given
import pytest
from hypothesis import example
from hypothesis import given as draw
from hypothesis import strategies as st

from assistant.answer import REFUSAL, Answer
from assistant.page.adding import add_address, add_files, add_pasted, keep_upload, to_safe_name
from assistant.page.evidence import CONTEXT, Mark, build_cards, mark_text, render_sources
from assistant.page.launch import build_server, launch_page, open_listener
from assistant.page.local_only import strip_outside
from assistant.page.markdown import escape_markdown, quote_block, write_out
from assistant.page.replies import reply, to_messages, write_reply
from assistant.page.turns import Turn
from assistant.wording import describe_library, name_source, web_address, write_date
from index.catalogue import Summary
from index.errors import AssistantError, SourceError
from index.records import Article

TESTS = Path(__file__).resolve().parent
OUTSIDE = re.compile(
    r"""(?:\b(?:src|href|action|poster|data)\s*=\s*|\burl\(\s*|@import\s+(?:url\()?\s*)["']?((?:https?:)?//[^"')\s>]+)"""
    r"""|<link[^>]+rel=["']?(?:preconnect|dns-prefetch)[^>]*>""",
    re.IGNORECASE,
)


def turn(answer, number=1):
    return Turn(number, answer.question, answer)


# ---- text as Markdown


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("<script>x</script>", "&lt;script&gt;x&lt;\\/script&gt;"),
        ("&lt;", "&amp;lt\\;"),
        ("**b** _i_ `c`", "\\*\\*b\\*\\* \\_i\\_ \\`c\\`"),
        ("![p](http://x.y)", "\\!\\[p\\]\\(http\\:\\/\\/x\\.y\\)"),
        ("# no heading\n    no code", "\\# no heading\nno code"),
        ("1. no list", "1\\. no list"),
    ],
)
def test_markup_is_written_as_text(text, written):
    assert escape_markdown(text) == written


@draw(st.text())
def test_every_mark_of_escaped_text_is_a_backslash_pair_or_an_entity(text):
    left = re.sub(r"\\[!-/:-@\[-`{-~]|&(?:amp|lt|gt);", "", escape_markdown(text))
    assert not re.search(r"[!-/:-@\[-`{-~]", left)


def test_every_line_of_a_block_quote_is_quoted():
    assert quote_block("one\ntwo", "three") == "> one\n> two\n>\n> three"


@draw(st.text(), st.integers(1, 30))
def test_writing_out_grows_to_the_whole_between_words(text, pieces):
    written = list(write_out(text, pieces))
    assert written[-1] == text
    assert len(written) <= pieces
    assert all(later.startswith(earlier) for earlier, later in pairwise(written))
    assert all(not text[len(part) :] or text[len(part)].isspace() for part in written)


# ---- answers in the conversation


def test_quotes_are_block_quotes_with_speaker_source_and_date():
    assert write_reply(turn(given.answer("?", given.MAYOR, given.RAISED), 7)) == (
        "> “We are <strong>building for our grandchildren</strong>\\,” Maja Lind\\, the mayor\\, told the council\\."
        "\u00a0[1](#cite-7-1)\n>\n> — Maja Lind · Example Courier · 14 March 2023\n\n"
        "> The wall will be raised by 60 centimetres along its whole length of two kilometres\\."
        "\u00a0[2](#cite-7-2)\n>\n> — Example Courier · 14 March 2023"
    )


def test_markers_link_to_quotes_that_are_there_and_to_no_others():
    answer = replace(given.answer("?", given.COST), text="It costs much [1], says a note [2] of [0] *stars*.")
    assert write_reply(turn(answer, 3)) == (
        "It costs much [1](#cite-3-1)\\, says a note \\[2\\] of \\[0\\] \\*stars\\*\\."
    )


def test_markup_of_an_article_is_text_in_the_conversation():
    written = write_reply(turn(given.answer("?", given.CLERK)))
    assert "<script" not in written
    assert "<img" not in written
    assert "<strong>\\*\\*bold\\*\\*</strong>" in written
    assert "\\[a link\\]\\(https\\:" in written
    assert written.endswith("— &lt;b&gt;Nobody&lt;\\/b&gt;")
    assert re.findall(r"(?<!\\)\]\(([^)]*)\)", written) == ["#cite-1-1"]


def test_a_refusal_is_plain_and_points_to_the_nearest_passages():
    assert write_reply(turn(given.refusal("?"))) == (
        "The articles don\\'t say\\.\n\n<em>The nearest passages are among the sources.</em>"
    )
    assert write_reply(turn(Answer("?", True, 0.0, REFUSAL))) == "The articles don\\'t say\\."


def test_a_notice_stands_before_the_answer():
    answer = given.answer("?", given.COST, notice="The model did not answer <in time>.")
    assert write_reply(turn(answer)).startswith("<em>The model did not answer &lt;in time&gt;\\.</em>\n\n> ")


def test_steps_come_first_then_the_answer_grows(tmp_path):
    frames = list(reply(given.StandIn(tmp_path), " What did the mayor say? ", (), pause=0))
    said = [frame.messages[-1]["content"] for frame in frames]
    assert said[:2] == ["<em>Searching 2 articles …</em>", "<em>Reading 24 passages …</em>"]
    assert said[-1] == write_reply(turn(given.answer("What did the mayor say?", given.MAYOR, given.RAISED)))
    assert len(said) > 6
    assert all(last.startswith(first) for first, last in pairwise(said[2:]))
    assert frames[0].messages[0] == {"role": "user", "content": "What did the mayor say\\?"}
    assert [number for number, frame in enumerate(frames) if frame.turns is not None] == [2]
    (only,) = frames[2].turns
    assert (only.number, only.question) == (1, "What did the mayor say?")


def test_an_older_answer_keeps_its_citations_and_turns_are_numbered_on(tmp_path):
    assistant = given.StandIn(tmp_path)
    first = next(frame.turns for frame in reply(assistant, "mayor", (), pause=0) if frame.turns)
    frames = list(reply(assistant, "cost", first, pause=0))
    assert [turn.number for turn in frames[2].turns] == [1, 2]
    assert frames[-1].messages == to_messages(frames[2].turns)
    assert "[1](#cite-1-1)" in frames[-1].messages[1]["content"]
    assert "[1](#cite-2-1)" in frames[-1].messages[3]["content"]


def test_what_cannot_be_asked_is_a_notice_and_a_blank_question_nothing(tmp_path):
    assistant = given.StandIn(tmp_path)
    frames = list(reply(assistant, "???", (), pause=0))
    assert frames[-1].messages[-1]["content"] == escape_markdown("'???' has no words: ask in words")
    assert render_sources(frames[0].turns) == render_sources(())
    assert list(reply(assistant, "  \n ", (), pause=0)) == []


# ---- the sources


def test_the_quote_is_marked_at_its_stored_place_in_its_paragraph():
    html = render_sources([turn(given.answer("What <is> it?", given.COST), 4)])
    assert (
        '<p class="excerpt"><mark id="cite-4-1" tabindex="-1"><span class="number" aria-hidden="true">1</span>'
        "The state pays half of the <strong>14 million euros</strong>.</mark> The rest comes from the town and from a "
        "levy on the ferries, which the companies that run them have called unfair.</p>"
    ) in html
    assert (
        '<a class="title" href="https://news.example.org/harbour" target="_blank" rel="noopener noreferrer">'
        "Harbour wall of Orsund to be raised</a>"
    ) in html
    assert "Example Courier · 14 March 2023 · Ines Aker, Tom Vale · also in 2 other articles" in html
    assert "<h3>What &lt;is&gt; it?</h3>" in html


def test_an_offset_counts_even_where_the_same_words_stand_earlier():
    article = Article(id="a", title="A", text="It rained. It rained. It rained.")
    second = replace(given.COST, article=article, start=11, end=21, text="It rained.", span=(11, 21))
    html = render_sources([turn(given.answer("?", second))])
    number = '<span class="number" aria-hidden="true">1</span>'
    assert f'It rained. <mark id="cite-1-1" tabindex="-1">{number}It rained.</mark> It rained.</p>' in html
    assert f"<p>It rained. <mark>{number}It rained.</mark> It rained.</p>" in html


def test_two_quotes_of_an_article_share_a_card_and_a_paragraph():
    (card,) = build_cards(given.answer("?", given.MAYOR, given.RAISED))
    assert card.numbers == (1, 2)
    (excerpt,) = card.excerpts
    assert [piece.number for piece in excerpt.pieces] == [2, None, 1, None]
    assert excerpt.speakers == ((1, "Maja Lind"),)
    assert len(card.paragraphs) == 5


def test_ids_are_unique_over_turns_and_the_newest_turn_is_first():
    turns = [turn(given.answer("old", given.MAYOR, given.COST), 1), turn(given.answer("new", given.MAYOR), 2)]
    html = render_sources(turns)
    assert re.findall(r'id="([^"]+)"', html) == ["cite-2-1", "cite-1-1", "cite-1-2"]
    assert html.index("<h3>new</h3>") < html.index("<h3>old</h3>")


def test_markup_of_an_article_is_text_in_the_panel():
    html = render_sources([turn(given.answer("?", given.CLERK))])
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &lt;img src=x onerror=alert(2)&gt;" in html
    assert '<span class="title">&lt;script&gt;alert(&#39;title&#39;)&lt;/script&gt;</span>' in html
    assert set(re.findall(r"<(/?[a-z0-9]+)", html)) <= {
        f"{slash}{tag}"
        for slash in ("", "/")
        for tag in ("section", "h3", "article", "header", "span", "p", "mark", "strong", "details", "summary")
    }
    assert "href" not in html


def test_a_refusal_shows_the_nearest_passages_without_citations():
    html = render_sources([turn(given.refusal("Why?"))])
    assert "Nearest passages, which do not answer it" in html
    assert '<p class="excerpt"><mark class="near">The last storm that flooded' in html
    assert 'id="' not in html
    assert 'class="number"' not in html


def test_a_long_paragraph_is_cut_between_words():
    text = "word " * 1000 + "Here it is. " + "tail " * 1000
    article = Article(id="a", title="A", text=text.strip())
    start = text.index("Here")
    (card,) = build_cards(
        given.answer(
            "?",
            replace(
                given.COST, article=article, start=start, end=start + 11, text="Here it is.", span=(start, start + 4)
            ),
        )
    )
    (excerpt,) = card.excerpts
    before, _, after = excerpt.pieces
    assert excerpt.cut_before
    assert excerpt.cut_after
    assert CONTEXT <= len(before.plain) < CONTEXT + 10
    assert set(before.plain.split()) == {"word"}
    assert set(after.plain.split()) == {"tail"}


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
    assert [piece.number for piece in pieces if piece.number is not None] == [mark.number for mark in marks]


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "//host/x", "http://", "http://[x", "", None]
)
def test_only_web_addresses_become_links(url):
    assert web_address(Article(id="a", title="", text="", url=url)) is None


def test_an_article_is_named_by_its_source_else_its_host_else_its_file():
    article = Article(
        id="a", title="", text="", url="https://www.news.example.org/x", source="Courier", origin="/a/b.txt"
    )
    assert name_source(article) == "Courier"
    assert name_source(replace(article, source="")) == "www.news.example.org"
    assert name_source(replace(article, source="", url=None)) == "b.txt"


def test_the_library_in_words():
    first, last = date(2013, 2, 25), date(2024, 1, 5)
    assert describe_library(Summary(1329, 9000, first, last)) == "1,329 articles, 25 February 2013 to 5 January 2024"
    assert describe_library(Summary(1, 1, last, last)) == "1 article, 5 January 2024"
    assert describe_library(Summary(2, 9, None, None)) == "2 articles"
    assert describe_library(Summary(0, 0, None, None)) == "No articles yet"
    assert write_date(date(2022, 3, 10)) == "10 March 2022"


# ---- adding articles


def test_files_are_kept_under_their_names_and_the_same_name_is_the_same_article(tmp_path):
    assistant, uploads = given.StandIn(tmp_path), tmp_path / "uploads"
    for name, text in (("1", "One."), ("2", "One."), ("3", "Two.")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "note.txt").write_text(text)
    outcomes = [add_files(assistant, uploads, [str(tmp_path / name / "note.txt")]) for name in ("1", "2", "3")]
    assert [re.findall("<li>(.*)</li>", html) for html in outcomes] == [
        ["1 article added"],
        ["1 article already there"],
        ["1 article updated"],
    ]
    assert assistant.kept == {str(uploads / "note.txt"): "Two."}
    assert [path.name for path in uploads.iterdir()] == ["note.txt"]


def test_a_rejected_file_is_named_with_its_reason_and_stops_no_other(tmp_path):
    (tmp_path / "<b>.txt").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "good.txt").write_text("Good.")
    html = add_files(
        given.StandIn(tmp_path), tmp_path / "uploads", [str(tmp_path / "<b>.txt"), str(tmp_path / "good.txt")]
    )
    assert "<li>1 article added</li>" in html
    assert "<strong>&lt;b&gt;.txt</strong> was not added: it is not text" in html


def test_a_failure_is_one_plain_line(tmp_path):
    assistant = given.StandIn(tmp_path)
    assert "https://x.example.org did not answer within 20 s: try again later" in add_address(
        assistant, "https://x.example.org"
    )
    assert "begins with http:// or https://" in add_address(assistant, "/etc/passwd")
    assert "Paste the text" in add_pasted(assistant, "Title", " \n")
    assert "1 article added" in add_pasted(assistant, " Title ", "Text.")
    assert assistant.kept == {"pasted:Title": "Text."}


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "passwd"),
        ("a\\b\\c.txt", "c.txt"),
        (".hidden", "hidden"),
        ("a\n\x00b.txt", "ab.txt"),
        ("ä b.pdf", "ä b.pdf"),
    ],
)
def test_a_kept_name_has_no_folders(name, safe):
    assert to_safe_name(name) == safe


def test_a_name_that_leaves_nothing_and_a_folder_that_cannot_be_written_are_told(tmp_path):
    with pytest.raises(SourceError, match="is no name for a file"):
        to_safe_name("..")
    (tmp_path / "note.txt").write_text("x")
    (tmp_path / "taken").write_text("x")
    with pytest.raises(SourceError, match="could not be kept"):
        keep_upload(tmp_path / "note.txt", tmp_path / "taken")


# ---- the server


@contextmanager
def serving(assistant, uploads):
    """The real server on a free port; its address."""
    servers = []

    async def serve():
        servers.append(build_server(assistant, uploads))
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


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    folder = tmp_path_factory.mktemp("served")
    with serving(given.StandIn(folder), folder / "uploads") as address:
        yield address


def fetch(url):
    return httpx.get(url, trust_env=False, timeout=20)


def test_the_served_page_names_no_other_host(address):
    page = fetch(address + "/")
    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/html")
    policy = page.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert not re.search(r"https?:|\*", policy)
    assert page.headers["referrer-policy"] == "no-referrer"
    assert "Article Assistant" in page.text
    assert not OUTSIDE.findall(page.text)
    assert not re.search(r"fonts\.g|gstatic|cdnjs|jsdelivr|unpkg", page.text)
    linked = re.findall(r'(?:src|href)="(\.?/[^"]+\.(?:js|css))"', page.text)
    assert {name.rsplit(".", 1)[-1] for name in linked} == {"js", "css"}
    for name in linked:
        part = fetch(address + name.removeprefix("."))
        assert part.status_code == 200
        if name.endswith("css"):
            assert not OUTSIDE.findall(part.text)


def test_the_theme_has_no_fonts_to_fetch(address):
    theme = fetch(address + "/theme.css")
    assert theme.status_code == 200
    assert "--font:" in theme.text
    assert "@font-face" not in theme.text
    assert not OUTSIDE.findall(theme.text)


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/openapi.json"])
def test_there_are_no_documentation_pages(address, path):
    assert "swagger" not in fetch(address + path).text.lower()
    assert fetch(address + path).status_code == 404


def test_whatever_a_page_could_load_from_elsewhere_is_stripped():
    html = (
        '<head><meta property="og:image" content="https://a.example/x.jpg" />\n<meta charset="utf-8" />'
        '<link rel="preconnect" href="https://fonts.example" crossorigin="anonymous" />'
        '<link href="//cdn.example/x.css" rel="stylesheet">'
        '<script src="https://cdn.example/x.js" async></script><script>window.a = 1;</script>'
        '<link rel="stylesheet" crossorigin href="./assets/a.css"><script src="./assets/a.js"></script></head>'
    )
    assert strip_outside(html) == (
        '<head><meta charset="utf-8" /><script>window.a = 1;</script>'
        '<link rel="stylesheet" crossorigin href="./assets/a.css"><script src="./assets/a.js"></script></head>'
    )


def test_a_port_in_use_is_told_with_the_remedy(tmp_path):
    with open_listener("127.0.0.1", 0) as taken, pytest.raises(AssistantError, match="`--port`"):
        launch_page(given.StandIn(tmp_path), "127.0.0.1", taken.getsockname()[1], open_browser=False)


GUARDED = """
import sys
reached = []
def watch(event, arguments):
    if event == "socket.connect" and isinstance(arguments[1], tuple):
        reached.append(arguments[1][0])
    elif event == "socket.getaddrinfo":
        reached.append(arguments[0])
sys.addaudithook(watch)
import warnings
from pathlib import Path
import test_page, page_stand_in
folder = Path(sys.argv[1])
with test_page.serving(page_stand_in.StandIn(folder), folder / "uploads") as address:
    from gradio_client import Client
    client = Client(address, verbose=False)
    job = client.submit("What did the mayor say?", api_name="/ask")
    job.result(timeout=60)
    print(job.outputs())
print("REACHED", sorted({str(host) for host in reached}))
"""


def test_building_serving_and_answering_reach_for_no_other_host(tmp_path):
    done = subprocess.run(
        [sys.executable, "-W", "error::DeprecationWarning:assistant", "-c", GUARDED, str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={"PYTHONPATH": f"{TESTS.parent}:{TESTS}", "HOME": str(tmp_path), "PATH": "/usr/bin:/bin"},
    )
    assert done.returncode == 0, done.stderr
    outputs, reached = done.stdout.rsplit("REACHED ", 1)
    assert "Searching 2 articles" in outputs
    assert "[1](#cite-1-1)" in outputs
    assert 'id="cite-1-1"' in outputs
    assert reached.strip() == "['127.0.0.1']"
    assert "Traceback" not in done.stderr
