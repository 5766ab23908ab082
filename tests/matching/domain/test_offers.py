"""The road of an offer: its life, its time to answer, who is asked next."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.common.refusals import IllegalTransition
from matching import models
from matching.domain.ladder import LONGEST, answer_window, next_to_ask
from matching.domain.lifecycle import HOLDING, MOVABLE, NEXT, OfferStatus, advance
from tests.matching.domain.worlds import NOW

S = OfferStatus


@dataclass(frozen=True)
class Candidate:
    programme_id: str
    score: float


@pytest.mark.parametrize(
    ("left", "window"),
    [
        (timedelta(days=2), timedelta(minutes=30)),
        (timedelta(hours=3), timedelta(minutes=30)),
        (timedelta(hours=1), timedelta(minutes=10)),
        (timedelta(minutes=12), timedelta(minutes=3)),
        (timedelta(minutes=2), timedelta(minutes=2)),
        (timedelta(minutes=-5), timedelta(0)),
    ],
)
def test_there_is_half_an_hour_to_answer_or_less_when_food_has_little_time(
    left: timedelta, window: timedelta
) -> None:
    assert answer_window(now=NOW, latest_start_at=NOW + left) == window


@settings(max_examples=100, deadline=None)
@given(first=st.integers(0, 100_000), later=st.integers(0, 100_000))
def test_more_time_never_shortens_the_answer(first: int, later: int) -> None:
    windows = [
        answer_window(now=NOW, latest_start_at=NOW + timedelta(seconds=seconds))
        for seconds in sorted((first, later))
    ]
    assert timedelta(0) <= windows[0] <= windows[1] <= LONGEST


def test_the_next_best_is_asked_who_was_not_asked_before() -> None:
    asked = [Candidate("a", 3), Candidate("b", 5), Candidate("c", 5), Candidate("d", -1)]
    assert [c.programme_id for c in next_to_ask(asked, already_asked={"c"})] == ["b", "a"]
    assert next_to_ask(asked, already_asked={"a", "b", "c"}) == []


def test_only_suggestions_move_and_only_offers_hold() -> None:
    assert {S.SUGGESTED} == MOVABLE
    assert {S.OFFERED} == HOLDING
    assert advance(S.SUGGESTED, S.OFFERED) is S.OFFERED
    with pytest.raises(IllegalTransition):
        advance(S.SUGGESTED, S.ACCEPTED)


def test_every_offer_ends_and_stays_ended() -> None:
    ends = {here for here, nexts in NEXT.items() if not nexts}
    assert ends == {S.ACCEPTED, S.DECLINED, S.LAPSED, S.SUPERSEDED}
    with pytest.raises(IllegalTransition):
        advance(S.LAPSED, S.ACCEPTED)


def test_the_table_and_the_columns_know_the_same_states() -> None:
    assert set(models.OfferStatus.values) == {each.value for each in S}
