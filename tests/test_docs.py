"""What the documents show is what the program does."""

import re
import sys
from pathlib import Path

import pytest

from assistant.cli import main

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.skipif(
    sys.version_info[:2] != (3, 11), reason="argparse words its help a little differently in each Python"
)
def test_the_commands_page_is_what_help_prints():
    from docs.make_commands import TARGET, render_commands

    assert TARGET.read_text(encoding="utf-8") == render_commands(), "run `python -m docs.make_commands`"


def test_every_link_of_the_documents_leads_somewhere():
    for document in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]:
        for target in re.findall(r"\]\(([^)#]+)\)", document.read_text(encoding="utf-8")):
            if not target.startswith("http"):
                assert (document.parent / target).exists(), f"{document.name} links to {target}"


def test_every_command_of_the_readme_exists():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE))
    assert set(re.findall(r"^make (\w+)", text, flags=re.MULTILINE)) <= targets
    for command in set(re.findall(r"^(?:\$ )?article-assistant (\w+)", text, flags=re.MULTILINE)):
        with pytest.raises(SystemExit) as stop:
            main([command, "--help"])
        assert stop.value.code == 0


def test_the_example_of_the_readme_is_what_ask_prints(tmp_path, capsys):
    shown = re.search(
        r"```console\n\$ article-assistant ask \"(.+?)\"\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL
    )
    library = ["--library", str(tmp_path / "library")]
    assert main(["sync", str(ROOT / "samples" / "articles"), *library]) == 0
    capsys.readouterr()
    assert main(["ask", shown.group(1), *library]) == 0
    assert _without_time(capsys.readouterr().out) == _without_time(shown.group(2))


def _without_time(text):
    return re.sub(r"\(confidence.*?\)", "", text).strip()
