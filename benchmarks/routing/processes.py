"""Runs jobs in processes of their own, side by side, and kills what does not end."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from benchmarks.routing.job import Answer, Job, answer_from_json
from benchmarks.routing.method import method

LONGER: Final = 3
STARTING_S: Final = 90
"""A job is killed after three times its seconds and this for imports and reading."""

LAST_LINES: Final = 300


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one job: an answer, or a note that says why there is none."""

    answer: Answer | None
    note: str = ""


def side_by_side(job: Job) -> list[Outcome]:
    """One job on all cores, or one per core with seeds of their own."""
    if method(job.method).PARALLEL or job.cores == 1:
        return _together([job])
    first = job.seed * job.cores
    seeds = range(first, first + job.cores)
    return _together([Job(**(asdict(job) | {"seed": seed, "cores": 1})) for seed in seeds])


def _together(jobs: Sequence[Job]) -> list[Outcome]:
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        places = [Path(folder, str(number)) for number in range(len(jobs))]
        running = [_start(job, place) for job, place in zip(jobs, places, strict=True)]
        over_at = time.monotonic() + LONGER * jobs[0].seconds + STARTING_S
        try:
            return [_wait(*pair, over_at) for pair in zip(running, places, strict=True)]
        finally:
            for process in running:
                _kill(process)


def _start(job: Job, place: Path) -> subprocess.Popen[bytes]:
    place.mkdir()
    (place / "job.json").write_text(json.dumps(asdict(job)), encoding="utf-8")
    command = [sys.executable, "-m", "benchmarks.routing.job"]
    with (place / "errors").open("wb") as errors:
        return subprocess.Popen(  # noqa: S603 - our own module
            [*command, str(place / "job.json"), str(place / "answer.json")],
            stdin=subprocess.DEVNULL,
            stdout=errors,
            stderr=errors,
            start_new_session=True,
        )


def _wait(process: subprocess.Popen[bytes], place: Path, over_at: float) -> Outcome:
    try:
        code = process.wait(timeout=max(over_at - time.monotonic(), 0))
    except subprocess.TimeoutExpired:
        return Outcome(None, "killed: it did not end")
    if code != 0:
        said = (place / "errors").read_text(encoding="utf-8", errors="replace").strip()
        return Outcome(None, f"failed ({code}): {said[-LAST_LINES:]}")
    return Outcome(answer_from_json(json.loads((place / "answer.json").read_text("utf-8"))))


def _kill(process: subprocess.Popen[bytes]) -> None:
    """The process and whatever it started."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
