"""The dependency rules of the house, read off the syntax trees."""

import ast
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
MAX_LINES = 400


def modules(*folders):
    return [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]


def imports(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def importers(package, *folders):
    return {
        path.relative_to(ROOT).as_posix()
        for path in modules(*folders)
        if any(name == package or name.startswith(package + ".") for name in imports(path))
    }


def test_index_never_imports_assistant():
    assert importers("assistant", "index") == set()


def dotted(path):
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def needs(folder):
    """What each module imports of its own package, also within functions, which would hide a circle, and for types."""
    ours = {dotted(path): path for path in modules(folder)}
    return {name: (set(imports(path)) & ours.keys()) - {name} for name, path in ours.items()}


@pytest.mark.parametrize("folder", ["index", "assistant"])
def test_no_module_is_imported_by_what_it_imports(folder):
    graph = needs(folder)
    assert any(graph.values())
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" imports ".join(reversed(error.args[1])))


@pytest.mark.parametrize("module", ["index.search", "index.sync"])
def test_search_and_sync_know_no_store(module):
    graph, reached, waiting = needs("index"), set(), {module}
    while waiting:
        reached |= waiting
        waiting = set().union(*(graph[name] for name in waiting)) - reached
    stores = {"index.library", "index.local", "index.dense", *(name for name in graph if "milvus" in name)}
    assert "index.records" in reached
    assert reached & stores == set()


def test_faiss_is_only_in_dense():
    assert importers("faiss", "index", "assistant") == {"index/dense_file.py", "index/dense_kinds.py"}


def test_pymilvus_is_only_where_a_server_is_talked_to():
    assert importers("pymilvus", "index", "assistant") == {"index/milvus_client.py", "index/milvus_schema.py"}


def test_gradio_is_only_under_the_page():
    found = importers("gradio", "index", "assistant")
    assert found
    assert all(name.startswith("assistant/page/") for name in found)


def test_the_page_is_imported_by_the_command_line_alone():
    outside = {name for name in importers("assistant.page", "index", "assistant") if "/page/" not in name}
    assert outside == {"assistant/commands/chat.py"}


def test_commands_are_imported_by_the_command_line_alone():
    outside = {name for name in importers("assistant.commands", "index", "assistant") if "/commands/" not in name}
    assert outside == {"assistant/cli.py"}


def test_only_settings_reads_the_environment():
    readers = {
        path.relative_to(ROOT).as_posix()
        for path in modules("index", "assistant")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv") and isinstance(node.ctx, ast.Load)
        if isinstance(node.value, ast.Name) and node.value.id == "os"
    }
    # These set what a package reads when it is imported.
    setters = {"assistant/page/launch.py", "index/ray_start.py", "index/runtime.py"}
    assert readers - setters == {"assistant/settings.py"}


def test_onnxruntime_is_loaded_where_it_is_silenced_alone():
    assert importers("onnxruntime", "index", "assistant") == {"index/runtime.py"}


def test_nothing_is_pickled():
    assert importers("pickle", "index", "assistant") == set()


def test_files_stay_readable():
    long = {
        path.name: lines
        for path in modules("index", "assistant")
        if (lines := len(path.read_text().splitlines())) > MAX_LINES
    }
    assert long == {}


OURS = ("assistant", "index", "training", "benchmarks", "docs", "prompts", "samples")


def module_file(name):
    place = ROOT.joinpath(*name.split("."))
    return next((file for file in (place.with_suffix(".py"), place / "__init__.py") if file.exists()), None)


def top_level_names(path):
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            found.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            found |= {(alias.asname or alias.name).split(".")[0] for alias in node.names}
    return found


def test_what_is_imported_of_ours_is_there():
    """Commands that no other test runs (training, benchmarks) must not break when a module moves."""
    missing = []
    names = {}
    for path in modules(*OURS, "tests"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.ImportFrom) or (node.module or "").split(".")[0] not in OURS:
                continue
            file = module_file(node.module)
            if file and file not in names:
                names[file] = top_level_names(file)
            for alias in node.names:
                if not (file and alias.name in names[file]) and not module_file(f"{node.module}.{alias.name}"):
                    missing.append(f"{path.relative_to(ROOT)}: {node.module}.{alias.name}")
    assert missing == []
