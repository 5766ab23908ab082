"""Walks through all pages that a role can reach by links, and looks at each on a phone."""

from collections import deque
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from django.urls import Resolver404, ResolverMatch, resolve
from playwright.sync_api import Page

from tests.browser.watched import Complaints, barriers, watch, wider_than_the_screen_px

HREFS = "Array.from(document.querySelectorAll('a[href]'), link => link.href)"
#: Not pages of ours to look at: other programs' pages, data, and what ends the visit.
LEFT_OUT = ("/admin/", "/api/", "/static/", "/accounts/logout/", "/i18n/")
DATA = {"web:manifest", "web:desk_document"}


@dataclass(slots=True)
class Tour:
    """The names of the pages that were seen, and what was wrong with them."""

    complaints: Complaints = field(default_factory=Complaints)
    seen: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def look_at(self, page: Page, name: str) -> None:
        self.seen.append(name)
        wider_px = wider_than_the_screen_px(page)
        if wider_px > 0:
            self.wrong.append(f"{name}: {wider_px} px wider than the screen")
        self.wrong += [
            f"{name}: {each['rule']}: {each['nodes']}" for each in barriers(page, self.complaints)
        ]


def walk(page: Page, *, first: tuple[str, ...]) -> Tour:
    """Visits the addresses given and every page linked from there, one of each name."""
    tour = Tour()
    watch(page, tour.complaints)
    known: set[str] = set()
    ahead = deque(first)
    while ahead:
        path = ahead.popleft()
        match = _page_of_ours(path)
        if match is None or match.view_name in known:
            continue
        known.add(match.view_name)
        answer = page.goto(path)
        if answer is None or not answer.headers.get("content-type", "").startswith("text/html"):
            continue
        tour.look_at(page, match.view_name)
        ahead.extend(_paths(page))
    tour.wrong += tour.complaints.said
    return tour


def _page_of_ours(path: str) -> ResolverMatch | None:
    if path.startswith(LEFT_OUT):
        return None
    try:
        match = resolve(urlsplit(path).path)
    except Resolver404:
        return None
    return None if match.view_name in DATA else match


def _paths(page: Page) -> list[str]:
    """The addresses on our site that the page links to."""
    here = urlsplit(page.url)
    found = []
    for link in page.evaluate(HREFS):
        parts = urlsplit(urljoin(page.url, link))
        if parts.netloc == here.netloc:
            found.append(parts._replace(scheme="", netloc="", fragment="").geturl())
    return found
