"""Why this programme and not the other: the stated reason is the one that decided."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from backend.claims.domain.reasons import Reason
from backend.geo.domain.points import Point
from backend.organizations.domain.hours import Interval
from matching.domain.case import Case
from matching.domain.explain import Explanation, Why, explain
from matching.domain.feasibility import MEANINGS
from matching.domain.objective import TERMS
from matching.domain.problem import Demand, Fixed, Incumbent, Problem, Supply
from matching.domain.sentences import TERM_LABELS, WHY_SENTENCES, reason_sentence, sentence_of
from matching.domain.solution import Limits
from matching.domain.solver.choose import solve_case
from tests.matching.domain.worlds import HOUR, NOW, demand, lot

WINNER, LOSER = "programme1", "programme2"
Change = Callable[[Problem], Problem]


def rice_for_two(**loser: Any) -> Problem:
    """One lot that cannot be split, and two charities that are alike but for what is given."""
    return Problem(
        now=NOW,
        supplies=(Supply(lot(1, step_g=10_000)),),
        demands=(demand(1), demand(2, **loser)),
    )


def explained(problem: Problem) -> Explanation:
    _, state = solve_case(Case(problem), limits=Limits(), seed=0)
    (only,) = explain(state)
    return only


def change_loser(problem: Problem, **changes: Any) -> Problem:
    winner, loser = problem.demands
    return replace(problem, demands=(winner, replace(loser, **changes)))


def change_facts(problem: Problem, **changes: Any) -> Problem:
    loser = problem.demands[1]
    return change_loser(problem, recipient=replace(loser.recipient, **changes))


FAR = Point(121.60, 25.04)
NEARER = Point(121.551, 25.04)


@pytest.mark.parametrize(
    ("problem", "why", "flip"),
    [
        (rice_for_two(point=FAR), Why.FARTHER, lambda p: change_facts(p, point=NEARER)),
        (
            rice_for_two(received_g=50_000),
            Why.BETTER_SUPPLIED,
            lambda p: replace(p, demands=(replace(p.demands[0], received_g=60_000), p.demands[1])),
        ),
        (
            rice_for_two(need_g={}),
            Why.NOT_ASKED_FOR,
            lambda p: replace(
                change_facts(p, need_g={"staples": 20_000}),
                demands=(
                    replace(p.demands[0], recipient=replace(p.demands[0].recipient, need_g={})),
                    change_facts(p, need_g={"staples": 20_000}).demands[1],
                ),
            ),
        ),
    ],
)
def test_the_largest_difference_is_the_reason_and_flipping_it_flips_the_choice(
    problem: Problem, why: Why, flip: Change
) -> None:
    if why is Why.NOT_ASKED_FOR:
        first = problem.demands[0]
        asked = replace(first.recipient, need_g={"staples": 20_000})
        problem = replace(problem, demands=(replace(first, recipient=asked), problem.demands[1]))
    before = explained(problem)
    assert before.programme_id == WINNER
    assert before.alternatives[0].programme_id == LOSER
    assert before.alternatives[0].why == why
    assert explained(flip(problem)).programme_id == LOSER


def test_the_kilometres_farther_are_those_of_the_road() -> None:
    alternative = explained(rice_for_two(point=FAR)).alternatives[0]
    assert alternative.facts["km"] == pytest.approx(5.24, abs=0.02)
    message, facts = sentence_of(alternative)
    assert message % facts == "5.2 km farther."


def test_a_better_one_that_is_full_says_of_what_and_more_room_flips_the_choice() -> None:
    """The other place is nearer, but a share that never moves takes nearly all its room."""
    taken = Fixed("other", "other", LOSER, "staples", "ambient", 95_000)
    problem = replace(
        rice_for_two(point=NEARER),
        fixed=(taken,),
        fair_g_per_person=100_000.0,
    )
    before = explained(problem)
    assert before.programme_id == WINNER
    full = before.alternatives[0]
    assert full.why == Why.FULL
    assert full.facts == {"needs_kg": 10.0, "storage": "ambient", "room_kg": 5.0}
    roomy = change_facts(problem, capacity_g={"ambient": 105_000})
    assert explained(roomy).programme_id == LOSER


def test_a_failed_rule_is_named_and_lifting_it_flips_the_choice() -> None:
    closed = (Interval(NOW + 60 * HOUR, NOW + 70 * HOUR),)
    problem = rice_for_two(point=NEARER, open_hours=closed, max_distance_m=50_000)
    food = replace(problem.supplies[0].lot, transports=frozenset({"self_collect"}))
    problem = replace(problem, supplies=(Supply(food),))
    (failed,) = explained(problem).alternatives
    assert failed.why == Why.FAILED_RULE
    assert failed.facts == {"reason": Reason.CLOSED_UNTIL_DEADLINE}
    assert sentence_of(failed)[0].startswith("The place stays closed")
    open_now = change_facts(problem, open_hours=(Interval(NOW, NOW + HOUR),))
    assert explained(open_now).programme_id == LOSER


def test_an_unreliable_programme_loses_by_its_reliability() -> None:
    problem = rice_for_two()
    problem = change_loser(problem, reliability=0.5)
    alternative = explained(problem).alternatives[0]
    assert alternative.why == Why.LESS_RELIABLE
    assert alternative.facts == {"percent": 50.0, "winner_percent": 100.0}


def test_what_was_suggested_before_stays_among_equals() -> None:
    problem = replace(rice_for_two(), incumbents=(Incumbent("lot1", LOSER),))
    found = explained(problem)
    assert found.programme_id == LOSER
    assert found.alternatives[0].why == Why.NOT_SUGGESTED_BEFORE


def test_another_county_with_more_is_named() -> None:
    problem = rice_for_two()
    problem = change_loser(problem, county_code="TYN", people=100)
    third = replace(demand(3), county_code="TYN", people=10, received_g=400_000)
    shut = replace(third, recipient=replace(third.recipient, verified=False))
    problem = replace(problem, demands=(*problem.demands, shut))
    found = explained(problem)
    assert found.programme_id == WINNER
    assert found.alternatives[0].why == Why.COUNTY_BETTER_SUPPLIED


def test_equals_are_called_equals() -> None:
    assert explained(rice_for_two()).alternatives[0].why == Why.EQUAL


def test_at_most_three_alternatives_are_kept_best_first() -> None:
    charities: tuple[Demand, ...] = tuple(
        demand(number, point=Point(121.56 + number / 100, 25.04)) for number in range(1, 7)
    )
    problem = replace(rice_for_two(), demands=charities)
    found = explained(problem)
    assert [each.programme_id for each in found.alternatives] == [
        "programme2",
        "programme3",
        "programme4",
    ]


def test_every_code_has_words() -> None:
    assert set(TERM_LABELS) == set(TERMS)
    assert set(WHY_SENTENCES) == set(Why) - {Why.FAILED_RULE}
    assert all(reason_sentence(code) for code in MEANINGS[1:])
