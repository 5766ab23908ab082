"""Code works for any region: no country, county or zone is named outside the packs."""

import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

from backend.regions.packs import pack

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted(
    path
    for folder in ("backend", "matching", "logistics", "notifications")
    for path in (ROOT / folder).rglob("*.py")
    if "backend/regions/packs/tw/" not in path.as_posix()
)
#: The one place that says which region an installation serves when nothing else is set.
DEFAULTS = {"backend/config/settings.py": {"tw"}}
TW = pack("tw")
WORDS = re.compile(r"[a-z]+|[\u4e00-\u9fff]+")


def _names() -> set[str]:
    """Lower-case words that only code for one region would have; common English ones excepted."""
    english = {c.names.in_language("en").lower().split()[0] for c in TW.counties.values()}
    return (english - {"new"}) | {"tw", "taiwan", "taiwanese", "twd", "liechtenstein", "vaduz"}


def _chinese() -> set[str]:
    all_names = [county.names for county in TW.counties.values()]
    all_names += [township.names for township in TW.townships.values()]
    names = {each.in_language("zh-hant") for each in all_names}
    stems = {each.names.in_language("zh-hant")[:2] for each in TW.counties.values()}
    return {name for name in names | stems if len(name) > 1} | {"臺灣", "台灣"}


def _texts(path: Path) -> Iterator[tuple[int, str]]:
    """Names and strings of the code, not its comments."""
    source = path.read_text(encoding="utf-8")
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type in (tokenize.NAME, tokenize.STRING):
            yield token.start[0], token.string


def test_no_country_or_county_is_named() -> None:
    names, chinese = _names(), _chinese()
    found = []
    for path in SOURCES:
        file = path.relative_to(ROOT).as_posix()
        own = names - DEFAULTS.get(file, set())
        found += [
            (file, line, text[:60])
            for line, text in _texts(path)
            if own & set(WORDS.findall(text.lower())) or any(name in text for name in chinese)
        ]
    assert found == []
