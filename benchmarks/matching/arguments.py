"""The command line of the benchmark."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from benchmarks.command import Parser
from benchmarks.matching.measure import METHODS
from benchmarks.matching.record import OURS

_USUAL = [(100, 50), (1_000, 300), (10_000, 2_000)]
_FEWEST_PROGRAMMES = 22


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = Parser(prog="python -m benchmarks.matching", description=__doc__)
    what = parser.add_argument_group("what is measured")
    what.add_argument("--size", type=_sizes, default=_USUAL, metavar="10000x2000[,...]")
    what.add_argument("--seeds", type=_count, default=1, help="so many problems of each size")
    what.add_argument("--problem", type=Path, metavar="FILE", help="solve this JSON instead")
    how = what.add_mutually_exclusive_group()
    how.add_argument("--week", action="store_true", help="seven days of rounds instead of one")
    how.add_argument("--churn", action="store_true", help="what a twentieth of new lots changes")
    what.add_argument("--methods", type=_methods, default=[*METHODS, OURS], metavar="NAME,...")
    out = parser.add_argument_group("what becomes of it")
    out.add_argument("--dump", type=Path, metavar="DIR", help="write the problems, solve nothing")
    out.add_argument("--json", action="store_true", help="print the runs as JSON")
    return parser.parse_args(arguments)


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"a whole number from 1 is wanted, not {text!r}")
    return int(text)


def _sizes(text: str) -> list[tuple[int, int]]:
    sizes = [_size(part) for part in text.split(",")]
    if any(programmes < _FEWEST_PROGRAMMES for _, programmes in sizes):
        raise argparse.ArgumentTypeError(f"at least {_FEWEST_PROGRAMMES} programmes, please")
    return sizes


def _size(text: str) -> tuple[int, int]:
    lots, cross, programmes = text.strip().partition("x")
    if not cross:
        raise argparse.ArgumentTypeError(f"lots x programmes is wanted, not {text!r}")
    return _count(lots), _count(programmes)


def _methods(text: str) -> list[str]:
    names = [part.strip().replace("-", " ") for part in text.split(",")]
    unknown = [name for name in names if name not in (*METHODS, OURS)]
    if unknown:
        raise argparse.ArgumentTypeError(f"unknown: {', '.join(unknown)}")
    return names
