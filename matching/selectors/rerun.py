"""Runs a round again from what it stored, to show that it allots the same."""

from collections.abc import Iterator

from matching.models import Proposal, Round
from matching.solver_process import solve


def differences(round_: Round) -> Iterator[str]:
    """One sentence for every share that the round proposed and running it again does not.

    Solves, so not for a request. Raises SolveFailed.
    """
    solution = solve(round_.inputs, seed=round_.seed).solution
    again = {(each.lot_id, each.programme_id): each.mass_g for each in solution.assignments}
    proposals = Proposal.objects.filter(offer__round=round_, offer__backs=None)
    proposals = proposals.select_related("offer")
    for proposal in proposals.order_by("pk"):
        pair = str(proposal.lot_id), str(proposal.offer.programme_id)
        if again.get(pair) != proposal.mass_g:
            yield (
                f"round {round_.pk}: proposed {proposal.mass_g} g of lot {pair[0]} to programme "
                f"{pair[1]}, again it is {again.get(pair, 0)} g"
            )
