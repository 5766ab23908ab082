"""Runs the parts of ./test, times them and prints what became of each; exit status 1 if any failed.

Locally, a part whose service or browser is missing is skipped loudly. On a build machine (CI=true)
that is a failure, and so is a part without a single test.
"""

import argparse
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
DATABASE_URL = os.environ.get("TEST_DATABASE_URL", "postgres://postgres@127.0.0.1:5432/postgres")
REDIS_URL = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/15")
SOURCES = ("backend", "matching", "logistics", "notifications", "benchmarks", "tests", "manage.py")
TYPED = ("backend", "matching", "logistics", "notifications", "benchmarks")
SCHEMA = Path("docs/api/openapi.yaml")
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
NO_TESTS = 5


class Outcome(StrEnum):
    PASSED = "passed"
    FAILED = "FAILED"
    SKIPPED = "SKIPPED"
    EMPTY = "NO TESTS"


@dataclass(frozen=True, slots=True)
class Step:
    """One command; `says` is what to do when it fails."""

    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    says: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """Steps that are reported together; `missing` says which service they lack, if any."""

    name: str
    steps: Sequence[Step]
    missing: Callable[[], str] = lambda: ""


@dataclass(frozen=True, slots=True)
class Result:
    part: str
    outcome: Outcome
    seconds: float
    note: str = ""


def python(*arguments: str, says: str = "", **environment: str) -> Step:
    return Step((sys.executable, *arguments), environment, says)


def pytest(*arguments: str, **environment: str) -> Step:
    return python("-m", "pytest", "-q", *arguments, **environment)


def folder(name: str) -> list[Step]:
    """The tests of a folder; none when there is no such folder yet."""
    return [pytest(name)] if (ROOT / name).is_dir() else []


def listens(url: str) -> bool:
    parts = urlsplit(url)
    try:
        with socket.create_connection((parts.hostname or "localhost", parts.port or 0), timeout=2):
            return True
    except OSError:
        return False


def no_services() -> str:
    wanted = {"PostgreSQL": DATABASE_URL, "Redis": REDIS_URL}
    return ", ".join(
        f"{name} at {urlsplit(url).hostname}" for name, url in wanted.items() if not listens(url)
    )


def no_browser() -> str:
    return "" if any(shutil.which(name) for name in BROWSERS) else "Chromium"


def templates() -> list[str]:
    return [str(path) for path in sorted(ROOT.glob("**/templates/**/*.html")) if _ours(path)]


def _ours(path: Path) -> bool:
    return not {".venv", ".tools", "var", "node_modules"}.intersection(path.parts)


def lint() -> list[Step]:
    """Style, types, boundaries, and that nothing generated has fallen behind its source."""
    scratch_schema = ROOT / "var" / "openapi.yaml"
    scratch_schema.parent.mkdir(exist_ok=True)
    steps = [
        python("-m", "ruff", "check", *SOURCES, says="./.venv/bin/ruff check --fix"),
        python("-m", "ruff", "format", "--check", *SOURCES, says="./.venv/bin/ruff format"),
        python("-m", "mypy", *TYPED),
        python("-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"),
        python("manage.py", "makemigrations", "--check", "--dry-run", says="makemigrations"),
        python(
            "-m", "backend.web.messages", "check", says="-m backend.web.messages update; compile"
        ),
        python(
            "manage.py",
            "spectacular",
            "--validate",
            "--fail-on-warn",
            "--lang=en",
            "--file",
            str(scratch_schema),
        ),
        Step(
            ("diff", "-u", str(SCHEMA), str(scratch_schema)),
            says=f"./.venv/bin/python manage.py spectacular --lang=en --file {SCHEMA}",
        ),
        python(
            "-m",
            "check_jsonschema",
            "--builtin-schema",
            "vendor.compose-spec",
            "docker-compose.yml",
        ),
    ]
    pages = templates()
    if pages:
        djade = str(Path(sys.executable).with_name("djade"))
        command = (djade, "--target-version", "5.2")
        steps.append(Step((*command, "--check", *pages), says=" ".join((*command, "TEMPLATES"))))
    return steps


#: Two workers pay only where there is more than a minute of work; a file stays with one of them.
#: Files keep their order: with those of few tests last, the longest of all would be waited for.
TWO_WORKERS = ("-n", "2", "--dist", "loadfile", "--no-loadscope-reorder")
#: What `pytest` leaves to parts of their own.
APART = ("--ignore=tests/browser", "--ignore=tests/fuzz")


def parts() -> dict[str, Part]:
    return {
        "lint": Part("lint", lint()),
        "unit": Part("unit", [pytest("--only=pure", *TWO_WORKERS, *APART)]),
        "sqlite": Part("sqlite", [pytest("--only=database", *TWO_WORKERS, *APART)]),
        "postgres": Part(
            "postgres",
            [pytest("--only=database", *TWO_WORKERS, *APART, TEST_ON="postgres")],
            no_services,
        ),
        "browser": Part("browser", folder("tests/browser"), no_browser),
        "fuzz": Part("fuzz", folder("tests/fuzz")),
    }


def run_step(step: Step) -> int:
    shown = " ".join(step.command[:6]).replace(sys.executable, "python")
    print(f"\n$ {shown}{' ...' if len(step.command) > 6 else ''}", flush=True)
    code = subprocess.run(
        step.command, cwd=ROOT, env=os.environ | step.environment, check=False
    ).returncode
    if code not in (0, NO_TESTS) and step.says:
        print(f"To mend it: {step.says}", flush=True)
    return code


def outcome_of(codes: Iterable[int]) -> Outcome:
    seen = set(codes)
    if seen - {0, NO_TESTS}:
        return Outcome.FAILED
    return Outcome.EMPTY if NO_TESTS in seen or not seen else Outcome.PASSED


def run_part(part: Part) -> Result:
    print(f"\n=== {part.name} " + "=" * (70 - len(part.name)), flush=True)
    missing = part.missing()
    if missing:
        return Result(part.name, Outcome.SKIPPED, 0.0, f"not here: {missing}")
    began_s = time.monotonic()
    outcome = outcome_of([run_step(step) for step in part.steps])
    return Result(part.name, outcome, time.monotonic() - began_s)


def failed(result: Result, *, strict: bool) -> bool:
    """Whether a result fails the whole run; on a build machine nothing may be left out."""
    bad = {Outcome.FAILED, Outcome.SKIPPED, Outcome.EMPTY} if strict else {Outcome.FAILED}
    return result.outcome in bad


def table(results: Sequence[Result]) -> str:
    lines = [f"{'part':<10} {'outcome':<9} {'seconds':>8}"]
    lines += [f"{r.part:<10} {r.outcome:<9} {r.seconds:>8.1f}  {r.note}".rstrip() for r in results]
    lines.append(f"{'all':<10} {'':<9} {sum(r.seconds for r in results):>8.1f}")
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    known = parts()
    parser = argparse.ArgumentParser(prog="./test", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="part", help=", ".join([*known, "full"]))
    chosen = parser.parse_args(arguments).parts or list(known)
    unknown = set(chosen) - {*known, "full"}
    if unknown:
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    os.environ.setdefault("PYTHONDONTWRITEBYTECODE", "1")
    os.environ.setdefault("SECRET_KEY", "only-for-tests-" + "0123456789abcdef" * 4)
    if "full" in chosen:
        chosen = list(known)
        os.environ["HYPOTHESIS_PROFILE"] = "full"
    results = [run_part(known[name]) for name in chosen]
    print("\n" + table(results), flush=True)
    strict = os.environ.get("CI", "").lower() in {"1", "true"}
    return int(any(failed(result, strict=strict) for result in results))


if __name__ == "__main__":
    sys.exit(main())
