"""What a viewer may see of claims and of the open board, and the facts that the rules look at."""

from backend.claims.selectors.board import BoardEntry, BoardLot, BoardPage, open_board
from backend.claims.selectors.visible import claims_given, claims_received, visible_claims

__all__ = [
    "BoardEntry",
    "BoardLot",
    "BoardPage",
    "claims_given",
    "claims_received",
    "open_board",
    "visible_claims",
]
