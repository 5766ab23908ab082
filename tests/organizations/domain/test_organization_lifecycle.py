"""Which steps an organization's verification may take."""

import pytest

from backend.common.refusals import IllegalTransition
from backend.organizations.domain.lifecycle import ACTIVE, NEXT, OrganizationStatus, advance
from backend.organizations.models import organization as tables

S = OrganizationStatus


def test_the_main_road_is_open() -> None:
    here = S.APPLIED
    for there in (S.VERIFIED, S.RECERTIFICATION_DUE, S.SUSPENDED, S.VERIFIED):
        here = advance(here, there)
    assert here is S.VERIFIED


@pytest.mark.parametrize(
    ("here", "there"),
    [
        (S.APPLIED, S.SUSPENDED),
        (S.REJECTED, S.VERIFIED),
        (S.SUSPENDED, S.RECERTIFICATION_DUE),
        (S.VERIFIED, S.REJECTED),
    ],
)
def test_other_steps_are_refused(here: S, there: S) -> None:
    with pytest.raises(IllegalTransition):
        advance(here, there)


def test_nobody_becomes_active_but_by_verification() -> None:
    into_active = {(here, there) for here, nexts in NEXT.items() for there in nexts & ACTIVE}
    assert {there for here, there in into_active if here not in ACTIVE} == {S.VERIFIED}


def test_the_table_and_the_columns_know_the_same_states() -> None:
    assert set(tables.OrganizationStatus.values) == {each.value for each in S} == set(NEXT)
    assert {each.value for each in tables.ACTING} == {each.value for each in ACTIVE}
