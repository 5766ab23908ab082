"""The report of a simulated day as a table for people."""

from collections.abc import Mapping

from rich.table import Table

from backend.demo.report import KG, Report


def table(found: Report) -> Table:
    """One row a figure, masses in kilograms."""
    shown = Table(title=f"{found.region} · {found.listings} listings · seed {found.seed}")
    shown.add_column("what")
    shown.add_column("figure", justify="right")
    for name, figure in _rows(found):
        shown.add_row(name, figure)
    return shown


def _rows(found: Report) -> list[tuple[str, str]]:
    lost = {name: mass_g for name, mass_g in found.by_bucket_g.items() if mass_g}
    broken = {name: rows for name, rows in found.invariants.items() if rows}
    return [
        ("kg offered", _kg(found.offered_g)),
        ("kg with a recipient and a way", _kg(found.feasible_g)),
        ("kg matched", _kg(found.matched_g)),
        ("kg delivered", _kg(found.delivered_g)),
        ("delivered of what was feasible", f"{found.share_of_feasible:.1%}"),
        *((f"  kg {name.replace('_', ' ')}", _kg(mass_g)) for name, mass_g in lost.items()),
        ("  kg more or less on the scales", _kg(found.weighed_more_or_less_g)),
        *((f"  kg expired: {why}", _kg(mass_g)) for why, mass_g in found.unmatched_reasons.items()),
        ("km of drivers' routes", f"{found.driven_m / 1_000:.1f}"),
        (
            "kg per km of drivers' routes",
            "-" if found.kg_per_km is None else f"{found.kg_per_km:.2f}",
        ),
        ("routes", str(found.routes)),
        ("rounds of matching", str(found.rounds)),
        ("plans of routes", str(found.plans)),
        ("matching, total / longest", _ms(found.matching_ms)),
        ("routing, total / longest", _ms(found.routing_ms)),
        ("checker violations", str(found.checker_violations)),
        ("invariants checked", str(len(found.invariants))),
        *((f"  broken: {name}", rows[0]) for name, rows in broken.items()),
        ("fingerprint", found.fingerprint),
        ("seconds", f"{found.seconds:.1f}"),
    ]


def _kg(mass_g: int) -> str:
    return f"{mass_g / KG:,.1f}"


def _ms(times: Mapping[str, int]) -> str:
    return f"{times['total'] / 1_000:.1f} s / {times['longest'] / 1_000:.2f} s"
