"""Somebody who calls the API: a session of `requests` and, once signed in, a token."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import requests

API = "/api/v1"
_FORM_SECRET = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


@dataclass(slots=True)
class Caller:
    """One person or machine; all calls say which status they expect."""

    session: requests.Session
    site: str
    token: str = ""

    def call(self, method: str, path: str, **options: Any) -> requests.Response:
        """The answer, whatever it is; paths without a leading slash are the API's."""
        url = self.site + (path if path.startswith("/") else f"{API}/{path}")
        headers = {"Accept-Language": "en"} | options.pop("headers", {})
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        return self.session.request(
            method, url, headers=headers, timeout=30, allow_redirects=False, **options
        )

    def get(self, path: str, **query: Any) -> Any:
        return self._expected(200, "GET", path, params=query)

    def post(self, path: str, body: Any = None, *, expect: int = 200, **options: Any) -> Any:
        return self._expected(expect, "POST", path, json=body, **options)

    def put(self, path: str, body: Any = None, **options: Any) -> Any:
        return self._expected(200, "PUT", path, json=body, **options)

    def refused(self, status: int, method: str, path: str, body: Any = None, **options: Any) -> Any:
        """The problem that a request is refused with."""
        if body is not None:
            options["json"] = body
        answer = self.call(method, path, **options)
        assert answer.status_code == status, f"{method} {path}: {answer.text[:2_000]}"
        assert answer.headers["Content-Type"] == "application/problem+json"
        problem = answer.json()
        assert problem["status"] == status
        assert problem["detail"]
        return problem

    def submit(self, path: str, form: dict[str, str]) -> requests.Response:
        """Opens a page and sends its form, as a browser would."""
        page = self.call("GET", path)
        found = _FORM_SECRET.search(page.text)
        assert found, f"no form at {path}: {page.status_code} {page.text[:500]}"
        return self.call(
            "POST",
            path,
            data=form | {"csrfmiddlewaretoken": found[1]},
            headers={"Referer": self.site + path},
        )

    def _expected(self, status: int, method: str, path: str, **options: Any) -> Any:
        answer = self.call(method, path, **options)
        assert answer.status_code == status, f"{method} {path}: {answer.text[:2_000]}"
        return answer.json() if answer.content else None


def codes(problem: Any, field: str) -> list[str]:
    """The codes that a problem gives for a field."""
    return [each["code"] for each in problem["errors"][field]]


#: Makes a caller that is nobody yet.
Visitor = Callable[[], Caller]
