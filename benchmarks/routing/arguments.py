"""The command line of the benchmark."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from benchmarks.command import Parser
from benchmarks.routing.city import Size
from benchmarks.routing.method import PEERS, PLACES
from benchmarks.routing.record import Objective


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = Parser(prog="python -m benchmarks.routing", description=__doc__)
    what = parser.add_argument_group("what is measured")
    what.add_argument("--instances", nargs="+", type=Path, metavar="PATH", default=[])
    what.add_argument("--best-known", nargs="+", type=Path, metavar="CSV", default=[])
    what.add_argument("--every", type=_count, default=1, metavar="N")
    what.add_argument("--sizes", type=_sizes, default=(), metavar="100,200,...")
    what.add_argument("--objective", type=Objective, default=Objective.VEHICLES)
    what.add_argument("--city", type=Path, metavar="DIR", help="points and matrices, or DIR/NAME")
    what.add_argument("--shipments", type=_count, default=Size.shipments)
    what.add_argument("--couriers", type=_count, default=Size.couriers)
    what.add_argument(
        "--live", action="store_true", help="dispatch on each instance, or on the days of --city"
    )
    what.add_argument(
        "--overhead",
        action="store_true",
        help="what each feature costs our search on --instances, beside the plain case",
    )
    what.add_argument("--verify", type=Path, metavar="FILE", help="check a file of --json again")
    how = parser.add_argument_group("how")
    how.add_argument("--methods", type=_methods, default=["ours"], help="ours, or none")
    how.add_argument("--peers", type=_methods, default=[], metavar=",".join(PEERS))
    how.add_argument("--seconds", type=_seconds, default=10.0)
    how.add_argument("--seeds", type=_count, default=1)
    how.add_argument("--cores", type=_count, default=2)
    out = parser.add_argument_group("what becomes of it")
    out.add_argument("--json", type=Path, metavar="FILE", help="written after every run")
    out.add_argument(
        "--against", type=Path, nargs="+", default=[], metavar="FILE", help="compare with these"
    )
    return parser.parse_args(arguments)


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"a whole number from 1 is wanted, not {text!r}")
    return int(text)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds < float("inf"):
        raise argparse.ArgumentTypeError(f"a number of seconds is wanted, not {text!r}")
    return seconds


def _sizes(text: str) -> tuple[int, ...]:
    return tuple(_count(part.strip()) for part in text.split(","))


def _methods(text: str) -> list[str]:
    names = [part.strip() for part in text.split(",") if part.strip() not in ("", "none")]
    unknown = [name for name in names if name not in PLACES]
    if unknown:
        raise argparse.ArgumentTypeError(f"unknown: {', '.join(unknown)}")
    return names
