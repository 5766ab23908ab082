"""The drawings of the life cycles are the tables that actions ask, drawn."""

import os
from collections.abc import Mapping, Set
from enum import StrEnum
from pathlib import Path

from backend.claims.domain.lifecycle import NEXT as CLAIM
from backend.couriers.domain.lifecycle import NEXT as COURIER
from backend.couriers.domain.lifecycle import SHIFT_NEXT
from backend.listings.domain.lifecycle import NEXT as LISTING
from backend.needs.domain.lifecycle import NEXT as REQUEST
from backend.organizations.domain.lifecycle import NEXT as ORGANIZATION
from logistics.domain.lifecycle import ROUTE_NEXT, SHIPMENT_NEXT, STOP_NEXT
from matching.domain.lifecycle import AGREEMENT_NEXT, ROUND_NEXT
from matching.domain.lifecycle import NEXT as OFFER

PAGE = Path(__file__).parents[2] / "docs" / "concepts" / "life-cycles.md"
LIVES: Mapping[str, Mapping[StrEnum, Set[StrEnum]]] = {
    "Listing": LISTING,
    "Offer": OFFER,
    "Round": ROUND_NEXT,
    "Transfer agreement": AGREEMENT_NEXT,
    "Claim": CLAIM,
    "Shipment": SHIPMENT_NEXT,
    "Route": ROUTE_NEXT,
    "Stop": STOP_NEXT,
    "Organization": ORGANIZATION,
    "Courier": COURIER,
    "Shift": SHIFT_NEXT,
    "Request": REQUEST,
}
HEAD = """# Life cycles

Each thing that has a life has one table in its app's `domain/lifecycle.py`; actions ask it before
they change a status. These drawings are made from the tables: after changing one, run
`UPDATE_DRAWINGS=1 ./test unit -k drawings`.

A claim's status is derived from where the grams of its lines are. Hand-overs are facts and may pass
several steps at once; commands may not.
"""


def draw(name: str, table: Mapping[StrEnum, Set[StrEnum]]) -> str:
    lines = [f"## {name}", "", "```mermaid", "stateDiagram-v2"]
    lines.append(f"    [*] --> {next(iter(table)).value}")
    for here, nexts in table.items():
        lines += [f"    {here.value} --> {there.value}" for there in sorted(nexts)]
        if not nexts:
            lines.append(f"    {here.value} --> [*]")
    return "\n".join([*lines, "```", ""])


def test_the_drawings_show_the_tables() -> None:
    drawn = "\n".join([HEAD, *(draw(name, table) for name, table in LIVES.items())])
    if os.environ.get("UPDATE_DRAWINGS"):
        PAGE.write_text(drawn, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == drawn


def test_every_status_is_reachable_and_every_next_status_is_known() -> None:
    for name, table in LIVES.items():
        reached = {there for nexts in table.values() for there in nexts} | {next(iter(table))}
        assert reached == set(table), name
