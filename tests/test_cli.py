"""The command line as a user meets it: real folders, real libraries, exit codes, JSON, wrong use."""

import json
import subprocess
import sys

import pytest

from assistant.cli import build_parser, main
from assistant.commands.options import SEARCH_MODES
from index.search import SearchMode

COMMANDS = ("sync", "ask", "search", "evaluate", "status", "reembed", "chat")
BRIDGE = (
    "New bridge opens over the Tamsel\n"
    "The new bridge over the river Tamsel opened on Monday after four years of work, and hundreds walked across.\n"
    "“We have waited a long time for this bridge,” Maja Lind, the mayor of Orsund, said at the opening.\n"
    "It cost 9 million euros, two more than planned, because of the soft ground on the northern bank.\n"
)
FERRY = (
    "Ferry to Halm stops in June\n"
    "The ferry between Orsund and Halm makes its last crossing on the first of June, the company told its staff.\n"
    "Nobody wanted to buy the two ships, which were built in 1974 and need new engines before next winter.\n"
)


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "bridge.txt").write_text(BRIDGE)
    (folder / "ferry.txt").write_text(FERRY)
    return folder


@pytest.fixture
def run(capsys, tmp_path):
    """Run a command on the test's library with the embedder that needs no model."""

    def _run(*arguments, json_output=True):
        extra = ["--library", str(tmp_path / "library"), "--embedding-model", "hashing"]
        code = main([*arguments, *extra, *(["--json"] if json_output else [])])
        printed = capsys.readouterr()
        return code, json.loads(printed.out) if json_output and printed.out else printed.out, printed.err

    return _run


def counts(report):
    return {name: report[name] for name in ("added", "changed", "unchanged", "removed", "rejected")}


def test_sync_counts_what_it_did(run, folder):
    assert counts(run("sync", str(folder))[1]) == {
        "added": 2,
        "changed": 0,
        "unchanged": 0,
        "removed": 0,
        "rejected": 0,
    }
    assert counts(run("sync", str(folder))[1])["unchanged"] == 2
    (folder / "ferry.txt").write_text(FERRY.replace("June", "July"))
    (folder / "bridge.txt").unlink()
    assert counts(run("sync", str(folder))[1])["changed"] == 1
    code, report, _ = run("sync", str(folder), "--prune")
    assert (code, report["removed"], report["unchanged"]) == (0, 1, 1)


def test_syncing_twice_changes_nothing(run, folder):
    run("sync", str(folder))
    before = run("status")[1]
    run("sync", str(folder))
    assert run("status")[1] == before


def test_ask_quotes_exactly_with_offsets_and_speaker(run, folder):
    run("sync", str(folder))
    code, answer, _ = run(
        "ask", "What did Maja Lind, the mayor of Orsund, say of the long time waited for this bridge?"
    )
    assert code == 0
    assert not answer["refused"]
    quote = next(quote for quote in answer["quotes"] if "waited" in quote["text"])
    assert quote["text"].startswith("“We have waited a long time for this bridge,”")
    assert quote["speaker"] == "Maja Lind"
    assert quote["article"]["title"] == "New bridge opens over the Tamsel"
    assert quote["start"] <= quote["span"][0] < quote["span"][1] <= quote["end"]
    assert quote["end"] - quote["start"] == len(quote["text"])
    assert "[1]" in answer["text"]
    assert set(answer["seconds"]) == {"search", "read", "answer"}


def test_ask_refuses_and_shows_the_nearest(run, folder):
    run("sync", str(folder))
    code, answer, _ = run("ask", "Which telescope discovered the smallest comet of Neptune?")
    assert (code, answer["refused"], answer["quotes"]) == (0, True, [])
    assert answer["text"] == "The articles don't say."
    assert "The articles don't say." in run("ask", "Which telescope discovered Neptune?", json_output=False)[1]


def test_search_lists_ranks(run, folder):
    run("sync", str(folder))
    hits = run("search", "ferry to Halm", "-k", "1")[1]
    assert len(hits) == 1
    assert hits[0]["rank"] == 1
    assert set(hits[0]) >= {"rank", "score", "article", "start", "end", "text"}
    assert "ferry" in hits[0]["text"]


def test_questions_on_standard_input_get_a_json_line_each(run, folder, monkeypatch, capsys, tmp_path):
    import io

    run("sync", str(folder))
    for command in ("ask", "search"):
        monkeypatch.setattr(sys, "stdin", io.StringIO("Who is the mayor?\n\n?!\nWhere does the ferry go?\n"))
        code = main([command, "-", "--library", str(tmp_path / "library"), "--embedding-model", "hashing"])
        lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
        assert code == 1
        assert len(lines) == 3
        assert "ask in words" in lines[1]["error"]


def test_rejected_sources_make_exit_code_1_and_the_rest_goes_on(run, folder):
    (folder / "empty.txt").write_text("")
    code, report, errors = run("sync", str(folder), str(folder / "nothing.txt"))
    assert code == 1
    assert (report["added"], report["rejected"]) == (2, 2)
    assert "empty.txt" in errors
    assert "nothing.txt" in errors


def test_evaluate_reports_the_figures(run, folder, tmp_path):
    run("sync", str(folder))
    rows = [
        {
            "id": "a",
            "question": "How much did the new bridge over the Tamsel cost?",
            "answers": ["9 million euros"],
            "evidence": ["bridge.txt"],
        },
        {"id": "b", "question": "Which telescope found a comet near Neptune?", "answers": [], "evidence": []},
    ]
    questions = tmp_path / "questions.jsonl"
    questions.write_text("\n".join(map(json.dumps, rows)))
    code, figures, _ = run("evaluate", str(questions))
    assert code == 0
    assert figures["figures"]["hit@5"] == 1
    assert figures["figures"]["articles/hit@1"] == 1
    assert figures["figures"]["refusal-recall"] == 1
    assert "quoted text holds an answer" in run("evaluate", str(questions), json_output=False)[1]


def test_a_question_that_fails_is_named_and_makes_exit_code_1(run, folder, tmp_path, monkeypatch):
    from assistant.ask import Assistant
    from index.errors import LibraryError

    run("sync", str(folder))
    questions = tmp_path / "questions.jsonl"
    questions.write_text('{"id": "a", "question": "Who?", "answers": ["x"], "evidence": ["nowhere"]}')
    monkeypatch.setattr(Assistant, "search", lambda *_: (_ for _ in ()).throw(LibraryError("gone")))
    code, figures, errors = run("evaluate", str(questions))
    assert (code, figures["failures"]) == (1, [{"id": "a", "reason": "gone"}])
    assert "failed: a: gone" in errors
    assert "evidence not in the library: a: nowhere" in errors


def test_reembed_exchanges_the_model(run, folder, tmp_path, monkeypatch):
    from index import hashing

    run("sync", str(folder))
    monkeypatch.setattr(hashing.HashingEmbedder, "model", "other")
    code, _, errors = run("search", "bridge")
    assert code == 2
    assert "reembed" in errors
    assert run("reembed")[1] == {"model": "other", "dimension": 256, "passages": run("status")[1]["passages"]}
    assert run("search", "bridge")[0] == 0


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["fly"],
        ["sync", "--every"],
        ["ask"],
        ["search", "x", "-k", "0"],
        ["ask", "x", "--mode", "psychic"],
        ["chat", "--port", "70000"],
    ],
)
def test_wrong_use_is_exit_code_2(arguments, capsys):
    with pytest.raises(SystemExit) as stop:
        main(arguments)
    assert stop.value.code == 2
    assert "usage: article-assistant" in capsys.readouterr().err


def test_a_missing_library_is_told_without_a_traceback(run):
    code, _, errors = run("ask", "Who?")
    assert code == 2
    assert errors.startswith("article-assistant: there is no library in")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_the_shared_options(command, capsys):
    with pytest.raises(SystemExit) as stop:
        main([command, "--help"])
    assert stop.value.code == 0
    shown = capsys.readouterr().out
    assert "--library DIR" in shown
    assert "--json" in shown


def test_the_search_modes_are_those_of_search():
    assert tuple(SearchMode) == SEARCH_MODES


def test_help_imports_nothing_heavy():
    code = (
        "import sys, assistant.cli\n"
        "try: assistant.cli.main(['--help'])\n"
        "except SystemExit: pass\n"
        "heavy = {'numpy', 'torch', 'gradio', 'faiss', 'langchain_core', 'sentence_transformers', 'tqdm'}\n"
        "sys.exit(', '.join(sorted(heavy & set(sys.modules))) or None)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_parser_prints_no_progress_in_a_pipe(run, folder):
    assert run("sync", str(folder), json_output=False)[2] == ""
    assert build_parser().prog == "article-assistant"


def test_a_question_in_a_broken_encoding_is_asked(run, folder):
    run("sync", str(folder))
    code, answer, _ = run("ask", "Who is the mayor \udcff of Orsund?")
    assert (code, answer["question"]) == (0, "Who is the mayor ? of Orsund?")
