"""The one way a life cycle is asked whether a step is allowed."""

from collections.abc import Mapping, Set
from enum import StrEnum
from typing import TypeVar

from backend.common.refusals import IllegalTransition

S = TypeVar("S", bound=StrEnum)


def advance(table: Mapping[S, Set[S]], here: S, there: S) -> S:
    """`there`, when the table has that edge; raises IllegalTransition otherwise."""
    if there not in table[here]:
        raise IllegalTransition(here.value, there.value)
    return there
