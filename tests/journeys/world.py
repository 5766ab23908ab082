"""The world that a journey happens in: visitors, a mailbox, a back office, and time to pass."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Protocol, TypeVar
from urllib.parse import urlsplit

import requests
from celery import current_app
from django.core import mail
from requests.adapters import BaseAdapter

from backend.common.clock import SteppedClock
from backend.config.schedule import BEAT_SCHEDULE
from backend.demo.queue import run_queued
from backend.events.relay import drain
from tests.journeys.caller import Caller

T = TypeVar("T")
BOSS, PASSWORD = "boss@example.org", "a crate of ripe plums"
LINK = re.compile(r"https?://\S+")
WAITS_S = 45.0


class World(Protocol):
    """What the steps of a journey need of their surroundings."""

    def visitor(self) -> Caller:
        """Somebody who is not signed in."""
        ...

    def now(self) -> datetime: ...

    def link_in_mail_to(self, address: str, about: str) -> str:
        """The path of the newest link of that kind (a part of the path) in mail to somebody."""
        ...

    def wait_for(self, look: Callable[[], T | None]) -> T:
        """What `look` finds once everything in the background has been done."""
        ...


@dataclass(slots=True)
class SteppedWorld:
    """This process, on a clock that stands still: background work is done when somebody waits."""

    adapter: BaseAdapter
    clock: SteppedClock
    site: str = "http://testserver"

    def visitor(self) -> Caller:
        return visitor(self.site, self.adapter)

    def now(self) -> datetime:
        return self.clock.now()

    def pass_time(self, step: timedelta) -> None:
        self.clock.advance(step)
        self.settle()

    def settle(self) -> None:
        """Publishes, handles and works off everything that is due, as relay and workers would."""
        while drain().published + run_queued():
            pass

    def sweep(self) -> None:
        """Runs every sweep of the schedule once, as the beat would within a minute or a day."""
        for entry in BEAT_SCHEDULE.values():
            current_app.send_task(entry["task"], kwargs=entry["kwargs"])
        self.settle()

    def link_in_mail_to(self, address: str, about: str) -> str:
        self.settle()
        mails = [str(each.body) for each in mail.outbox if address in each.to]
        found = newest_link(mails, about)
        assert found, mails
        return found

    def wait_for(self, look: Callable[[], T | None]) -> T:
        self.settle()
        found = look()
        assert found, "nothing came of it"
        return found


@dataclass(slots=True)
class LiveWorld:
    """A server with processes of its own, in real time; mail is written to a folder."""

    adapter: BaseAdapter
    site: str
    clock: Callable[[], datetime]
    mails: Path
    last_words: Callable[[], str] = field(default=str)

    def visitor(self) -> Caller:
        return visitor(self.site, self.adapter)

    def now(self) -> datetime:
        return self.clock()

    def link_in_mail_to(self, address: str, about: str) -> str:
        return self.wait_for(lambda: newest_link(self._mails_to(address), about))

    def _mails_to(self, address: str) -> list[str]:
        files = sorted(self.mails.glob("*"), key=lambda each: each.stat().st_mtime)
        read = [message_from_bytes(each.read_bytes(), policy=policy.default) for each in files]
        return [str(each.get_content()) for each in read if address in str(each["To"])]

    def wait_for(self, look: Callable[[], T | None]) -> T:
        deadline_s = time.monotonic() + WAITS_S
        while not (found := look()):
            if time.monotonic() > deadline_s:
                raise AssertionError(f"nothing came of it:\n{self.last_words()}")
            time.sleep(0.2)
        return found


def visitor(site: str, adapter: BaseAdapter) -> Caller:
    """A session of its own, with cookies of its own, over the given connection."""
    session = requests.Session()
    session.trust_env = False
    session.mount("http://", adapter)
    session.mount("https://", adapter)
    return Caller(session, site)


def newest_link(mails: list[str], about: str) -> str | None:
    """The path of the last link with such a part, of mails in the order in which they came."""
    paths = [urlsplit(link).path for each in mails for link in LINK.findall(each)]
    return next((path for path in reversed(paths) if about in path), None)
