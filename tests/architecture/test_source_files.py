"""What every source file keeps to, beyond what the linters say."""

import ast
import re

from tests.architecture.sources import ROOT, TOP_LEVEL, Source, files, sources

LONGEST_FILE = 400
LONGEST_FUNCTION = 60
ATTICS = {"utils.py", "helpers.py", "misc.py", "services.py"}
#: Texts that are nobody's work: promises, and folders that exist only where the code was written.
UNWANTED = re.compile(
    "|".join(
        ["TO" + "DO", "FIX" + "ME", "XX" + "X", "NotImplemented" + "Error", r"\.\./sha" + "red/"]
    )
)
CHECKED_SUFFIXES = {".py", ".html", ".css", ".js", ".md", ".sh", ".toml", ".yml", ".yaml", ".cfg"}
#: Written by others and carried along, with their manifest.
VENDORED = "vendor"


def test_every_module_says_in_its_first_line_what_lives_there() -> None:
    silent = [str(source.path) for source in sources() if not _first_line(source)]
    assert silent == []


def _first_line(source: Source) -> str:
    return (ast.get_docstring(source.tree) or "").partition("\n")[0].strip()


def test_no_file_is_too_long() -> None:
    too_long = {
        str(source.path): lines
        for source in sources()
        if (lines := source.text.count("\n")) > LONGEST_FILE
    }
    assert too_long == {}


def test_no_function_is_too_long() -> None:
    too_long = {
        f"{source.path}:{function.lineno} {function.name}": lines
        for source in sources()
        for function in source.functions()
        if (lines := (function.end_lineno or 0) - function.lineno + 1) > LONGEST_FUNCTION
    }
    assert too_long == {}


def test_there_is_no_attic() -> None:
    assert [path for path in files() if path.name in ATTICS] == []


def test_nothing_is_promised_and_nothing_points_outside_the_project() -> None:
    found = [
        f"{path}:{number}: {line.strip()}"
        for path in files()
        if path.suffix in CHECKED_SUFFIXES and VENDORED not in path.parts
        for number, line in enumerate((ROOT / path).read_text().splitlines(), 1)
        if UNWANTED.search(line)
    ]
    assert found == []


def test_every_folder_with_code_at_the_top_has_declared_its_place() -> None:
    top = {path.parts[0] for path in files() if path.suffix == ".py" and len(path.parts) > 1}
    assert top - TOP_LEVEL == set(), "add it to .importlinter and to tests/architecture/sources.py"


def test_every_test_checks_something() -> None:
    checks = re.compile(r"Assert\(|raises|assert|check|expect|refus")
    empty = [
        f"{source.path}:{function.lineno} {function.name}"
        for source in sources()
        if source.path.parts[0] == "tests" and source.path.name.startswith("test_")
        for function in source.functions()
        if function.name.startswith("test_") and not checks.search(_body(function))
    ]
    assert empty == []


def _body(function: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    return "".join(ast.dump(statement) for statement in function.body)
