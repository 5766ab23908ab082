"""Where every gram is follows from the hand-overs alone, whatever order they arrive in."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.custody.domain.replay import Kind, LineFact, Remainder, replay

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
VAN, OTHER_VAN, HUB = (UUID(int=n) for n in (1, 2, 3))


def fact(
    kind: Kind, minute: int, giver: UUID | None, receiver: UUID | None, mass_g: int, **more: object
) -> LineFact:
    at = NOON + timedelta(minutes=minute)
    return LineFact(uuid4(), kind, at, giver, receiver, mass_g, **more)  # type: ignore[arg-type]


def test_a_collection_and_a_delivery_bring_everything_to_the_recipient() -> None:
    facts = [
        fact(Kind.COLLECTED, 0, None, VAN, 10_000),
        fact(Kind.DELIVERED, 30, VAN, None, 10_000),
    ]
    position = replay(10_000, facts)
    assert (position.delivered_g, position.total_g(), position.adjusted_g) == (10_000, 10_000, 0)


def test_a_delivery_that_arrives_before_its_collection_waits_and_then_counts() -> None:
    collected = fact(Kind.COLLECTED, 0, None, VAN, 4_000)
    delivered = fact(Kind.DELIVERED, 30, VAN, None, 4_000)
    assert replay(4_000, [delivered]).unmatched == {delivered.id}
    assert replay(4_000, [delivered]).reserved_g == 4_000
    assert replay(4_000, [delivered, collected]).delivered_g == 4_000


def test_a_wrong_device_clock_does_not_lose_the_delivery_but_is_noticed() -> None:
    delivered = fact(Kind.DELIVERED, 0, VAN, None, 4_000)
    collected = fact(Kind.COLLECTED, 30, None, VAN, 4_000)
    position = replay(4_000, [delivered, collected])
    assert position.delivered_g == 4_000
    assert position.out_of_order == {delivered.id}


@pytest.mark.parametrize(
    ("remainder", "reserved_g", "released_g", "adjusted_g"),
    [
        (Remainder.NONE, 0, 0, -2_000),
        (Remainder.NEVER_THERE, 0, 0, -2_000),
        (Remainder.LEFT_BEHIND, 0, 2_000, 0),
        (Remainder.COMES_LATER, 2_000, 0, 0),
    ],
)
def test_what_a_short_collection_leaves_depends_on_why(
    remainder: Remainder, reserved_g: int, released_g: int, adjusted_g: int
) -> None:
    position = replay(10_000, [fact(Kind.COLLECTED, 0, None, VAN, 8_000, remainder=remainder)])
    assert position.on_board_g == 8_000
    assert (position.reserved_g, position.released_g) == (reserved_g, released_g)
    assert position.adjusted_g == adjusted_g


def test_more_than_promised_is_an_upward_adjustment() -> None:
    position = replay(10_000, [fact(Kind.COLLECTED, 0, None, VAN, 11_500)])
    assert (position.on_board_g, position.adjusted_g) == (11_500, 1_500)


def test_a_partly_refused_delivery_leaves_the_refused_mass_on_board() -> None:
    facts = [
        fact(Kind.COLLECTED, 0, None, VAN, 10_000),
        fact(Kind.DELIVERED, 30, VAN, None, 7_000, refused_g=3_000),
    ]
    position = replay(10_000, facts)
    assert (position.delivered_g, position.on_board_g, position.lost_g) == (7_000, 3_000, 0)
    back = [*facts, fact(Kind.RETURNED, 60, VAN, None, 3_000)]
    assert replay(10_000, back).returned_g == 3_000
    assert replay(10_000, back).on_board_g == 0


def test_what_is_missing_at_the_delivery_was_lost_on_the_way() -> None:
    facts = [
        fact(Kind.COLLECTED, 0, None, VAN, 10_000),
        fact(Kind.DELIVERED, 30, VAN, None, 9_800),
    ]
    assert replay(10_000, facts).lost_g == 200


def test_a_second_record_of_the_same_collection_moves_nothing() -> None:
    first = fact(Kind.COLLECTED, 0, None, VAN, 10_000)
    again = fact(Kind.COLLECTED, 1, None, VAN, 10_000)
    position = replay(10_000, [first, again])
    assert position.on_board_g == 10_000
    assert position.unmatched == {again.id}


def test_food_goes_through_two_drivers_and_a_hub() -> None:
    facts = [
        fact(Kind.COLLECTED, 0, None, VAN, 6_000),
        fact(Kind.TRANSFERRED, 20, VAN, OTHER_VAN, 6_000),
        fact(Kind.STOCKED, 40, OTHER_VAN, HUB, 6_000),
    ]
    assert replay(6_000, facts).in_stock_g == 6_000
    onward = [*facts, fact(Kind.DELIVERED, 90, HUB, None, 5_000, remainder=Remainder.LEFT_BEHIND)]
    position = replay(6_000, onward)
    assert (position.delivered_g, position.in_stock_g, position.on_board_g) == (5_000, 1_000, 0)


def test_the_end_of_a_claim_releases_only_what_nobody_collected() -> None:
    later = fact(Kind.COLLECTED, 0, None, VAN, 4_000, remainder=Remainder.COMES_LATER)
    position = replay(10_000, [later], cut_g=10_000)
    assert (position.on_board_g, position.released_g, position.reserved_g) == (4_000, 6_000, 0)


def test_what_was_cut_is_released_and_not_taken_for_missing() -> None:
    collected = fact(Kind.COLLECTED, 0, None, VAN, 5_000)
    position = replay(10_000, [collected], cut_g=4_000)
    assert (position.on_board_g, position.released_g, position.adjusted_g) == (5_000, 4_000, -1_000)


def test_taking_more_than_a_cut_left_takes_part_of_the_cut_back() -> None:
    collected = fact(Kind.COLLECTED, 0, None, VAN, 8_000, remainder=Remainder.COMES_LATER)
    position = replay(10_000, [collected], cut_g=4_000)
    assert (position.on_board_g, position.released_g, position.reserved_g) == (8_000, 2_000, 0)


def test_what_is_refused_at_the_donors_door_stays_with_the_donor() -> None:
    collected = fact(Kind.COLLECTED, 0, None, VAN, 6_000, refused_g=3_000)
    position = replay(10_000, [collected])
    assert (position.on_board_g, position.returned_g, position.adjusted_g) == (6_000, 3_000, -1_000)


HOLDERS = st.sampled_from([None, VAN, OTHER_VAN, HUB])
FACTS = st.lists(
    st.builds(
        LineFact,
        id=st.uuids(),
        kind=st.sampled_from(Kind),
        at=st.integers(0, 240).map(lambda minute: NOON + timedelta(minutes=minute)),
        giver=HOLDERS,
        receiver=HOLDERS,
        accepted_g=st.integers(0, 20_000),
        refused_g=st.integers(0, 20_000),
        remainder=st.sampled_from(Remainder),
    ),
    max_size=7,
    unique_by=lambda line: line.id,
)


@settings(deadline=None, max_examples=300)
@given(promised_g=st.integers(1, 20_000), facts=FACTS, data=st.data(), cut_g=st.integers(0, 20_000))
def test_every_order_of_arrival_gives_the_same_balanced_position(
    promised_g: int, facts: list[LineFact], data: st.DataObject, cut_g: int
) -> None:
    position = replay(promised_g, facts, cut_g=cut_g)
    shuffled = replay(promised_g, data.draw(st.permutations(facts)), cut_g=cut_g)
    assert position == shuffled
    assert position.total_g() == promised_g + position.adjusted_g
    for bucket in ("reserved", "on_board", "in_stock", "delivered", "returned", "lost", "released"):
        assert getattr(position, f"{bucket}_g") >= 0


@settings(deadline=None, max_examples=200)
@given(promised_g=st.integers(1, 20_000), facts=FACTS)
def test_repeating_a_record_under_its_own_id_is_the_same_fact(
    promised_g: int, facts: list[LineFact]
) -> None:
    once = {line.id: line for line in [*facts, *facts]}
    assert replay(promised_g, once.values()) == replay(promised_g, facts)


def test_two_reports_of_one_delivery_by_two_people_do_not_count_twice() -> None:
    collected = fact(Kind.COLLECTED, 0, None, VAN, 10_000)
    by_charity = fact(Kind.DELIVERED, 30, VAN, None, 9_000, refused_g=1_000)
    by_courier = fact(Kind.DELIVERED, 31, VAN, None, 9_000, refused_g=1_000)
    position = replay(10_000, [collected, by_charity, by_courier])
    assert position.delivered_g + position.on_board_g == 10_000
    assert position.adjusted_g == 0
    assert position.more_than_held == {by_courier.id}
