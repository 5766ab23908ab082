"""The life of a request: open until it is met, withdrawn or over."""

from collections.abc import Mapping, Set
from enum import StrEnum


class RequestStatus(StrEnum):
    OPEN = "open"
    MET = "met"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


S = RequestStatus

NEXT: Mapping[RequestStatus, Set[RequestStatus]] = {
    S.OPEN: {S.MET, S.WITHDRAWN, S.LAPSED},
    S.MET: set(),
    S.WITHDRAWN: set(),
    S.LAPSED: set(),
}
