"""What happens when in the simulated world: a queue of things to do, in the order of their time."""

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count

Deed = Callable[[datetime], None]


@dataclass(slots=True)
class Agenda:
    """Deeds by instant; of the same instant in the order in which they were put down."""

    _entries: list[tuple[datetime, int, Deed]] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=count)

    def at(self, instant: datetime, deed: Deed) -> None:
        heapq.heappush(self._entries, (instant, next(self._numbers), deed))

    def every(self, step: timedelta, deed: Deed, *, start: datetime, end: datetime) -> None:
        """Does `deed` at `start` and then again each `step`, while before `end`."""

        def again(now: datetime) -> None:
            deed(now)
            if now + step < end:
                self.at(now + step, again)

        self.at(start, again)

    def next_at(self) -> datetime | None:
        return self._entries[0][0] if self._entries else None

    def pop(self) -> tuple[datetime, Deed]:
        instant, _, deed = heapq.heappop(self._entries)
        return instant, deed
