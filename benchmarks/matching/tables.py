"""Runs as lines of text."""

from benchmarks.matching.record import Run

HEAD = (
    f"{'problem':<16} {'method':<14} {'rescued':>7} {'<1 day':>6} {'km/100kg':>8} {'gini':>5}"
    f" {'worst':>5} {'tenth':>5} {'rural':>5} {'gap %':>6} {'captured':>8} {'broken':>6}"
    f" {'CPU s':>7} {'MB':>5}"
)


def _number(value: float | None, digits: int, *, times: float = 1.0) -> str:
    return "-" if value is None else f"{round(value * times, digits) + 0.0:.{digits}f}"


def run_line(run: Run) -> str:
    figures = run.figures
    line = (
        f"{run.problem:<16} {run.method:<14} {_number(figures.rescued, 3):>7}"
        f" {_number(figures.urgent_lots, 3):>6} {_number(figures.km_per_100_kg, 1):>8}"
        f" {_number(figures.gini, 3):>5} {_number(figures.worst_county, 2):>5}"
        f" {_number(figures.tenth, 2):>5} {_number(figures.rural_to_urban, 2):>5}"
        f" {_number(run.gap, 2, times=100):>6} {_number(run.captured, 3):>8}"
        f" {_number(run.broken, 3):>6} {_number(run.cpu_s, 2):>7} {_number(run.memory_mb, 0):>5}"
    )
    return f"{line} INVALID" if run.breaches else line
