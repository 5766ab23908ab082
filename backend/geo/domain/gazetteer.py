"""Finds townships and counties in address texts, from nothing but the region's own names."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from backend.geo.domain.places import Place, Precision
from backend.regions.domain.names import Names
from backend.regions.domain.pack import RegionPack, Spelling, Township

SOURCE = "gazetteer"
MOST_CANDIDATES = 10
#: Left out between letters: Da'an, Daan and Da-an are one name.
JOINED = re.compile(r"(?<=\w)['’‘ʼ`´-](?=\w)")
APART = re.compile(r"[^\w]+")
DIGITS = re.compile(r"\d+")
COMMA = re.compile(r"[,;\n，、；]")


@dataclass(slots=True)
class _Index:
    """Codes by the ways to write them: whole names, and names without their kind of place."""

    whole: dict[str, set[str]] = field(default_factory=dict)
    short: dict[str, set[str]] = field(default_factory=dict)

    def longest_first(self) -> Iterator[tuple[str, set[str]]]:
        return iter(sorted(self.whole.items(), key=lambda item: -len(item[0])))


class Gazetteer:
    """Names of a region's places, ready for searching; built once."""

    def __init__(self, pack: RegionPack) -> None:
        self._pack = pack
        self._spelling = pack.spelling
        self._countries = [self._words(name) for name in pack.spelling.country_names]
        self._counties = self._index({c.code: c.names for c in pack.counties.values()})
        self._townships = self._index({t.code: t.names for t in pack.townships.values()})

    def find(self, text: str, language: str) -> list[Place]:
        """Candidates for the text, labelled in that language; empty when it names no place.

        A township named with its county is one candidate; a name that several counties use gives
        one for each, in the pack's order. A county alone gives the county.
        """
        parts = [self._without_country(self._words(part)) for part in COMMA.split(text)]
        parts = [part for part in parts if part]
        counties, rest = _taken(parts, self._counties)
        townships, rest = _taken(rest, self._townships)
        if not counties:
            counties, rest = self._begun_with_county(rest)
        if not townships:
            townships = _equal([*parts, *rest], self._townships)
        return self._places(counties, townships, language)

    def _places(self, counties: set[str], townships: set[str], language: str) -> list[Place]:
        found = [t for t in self._pack.townships.values() if t.code in townships]
        within = [t for t in found if not counties or t.county_code in counties]
        if within:
            return [self._township(each, language) for each in within][:MOST_CANDIDATES]
        return [self._county(code, language) for code in self._pack.counties if code in counties]

    def _township(self, township: Township, language: str) -> Place:
        return Place(
            label=self._pack.label(township, language),
            point=township.point,
            precision=Precision.TOWNSHIP,
            county_code=township.county_code,
            township_code=township.code,
            source=SOURCE,
        )

    def _county(self, code: str, language: str) -> Place:
        county = self._pack.counties[code]
        township = self._pack.locate(county.point)
        return Place(
            label=county.names.in_language(language),
            point=county.point,
            precision=Precision.COUNTY,
            county_code=code,
            township_code=township.code if township else "",
            source=SOURCE,
        )

    def _index(self, names: Mapping[str, Names]) -> _Index:
        index = _Index()
        for code, each in names.items():
            for name in each.by_language.values():
                words = self._words(name)
                index.whole.setdefault(words, set()).add(code)
                for short in _shortened(words, self._spelling):
                    index.short.setdefault(short, set()).add(code)
        return index

    def _words(self, text: str) -> str:
        """The text in one form: width, case, variants, punctuation and abbreviations undone."""
        plain = unicodedata.normalize("NFKC", text).casefold()
        plain = "".join(self._spelling.variants.get(each, each) for each in plain)
        plain = APART.sub(" ", JOINED.sub("", plain)).strip()
        words = (self._spelling.abbreviations.get(word, word) for word in plain.split())
        return " ".join(words)

    def _without_country(self, part: str) -> str:
        for country in self._countries:
            if part == country:
                return ""
            if not country.isascii() and part.startswith(country):
                part = part.removeprefix(country).strip()
        return part

    def _begun_with_county(self, parts: list[str]) -> tuple[set[str], list[str]]:
        """Counties whose short name begins or is a part, and the parts without it."""
        rest: list[str] = []
        found: set[str] = set()
        for part in parts:
            words = DIGITS.sub(" ", part).strip()
            short = max((s for s in self._counties.short if _begins(words, s)), key=len, default="")
            found |= self._counties.short.get(short, set())
            rest.append(words.removeprefix(short).strip())
        return found, rest


def _shortened(name: str, spelling: Spelling) -> Iterator[str]:
    for suffix in spelling.suffixes:
        short = name.removesuffix(suffix).strip()
        if short != name and len(short) > 1:
            yield short


def _begins(words: str, short: str) -> bool:
    """Whether the words begin with a name; in scripts with spaces it must end at one."""
    return words.startswith(short) if not short.isascii() else words == short


def _taken(parts: Iterable[str], index: _Index) -> tuple[set[str], list[str]]:
    """Codes whose whole names occur, longest names first, and the parts with those cut out."""
    rest = list(parts)
    found: set[str] = set()
    for name, codes in index.longest_first():
        for n, part in enumerate(rest):
            cut = _cut(part, name)
            if cut != part:
                found |= codes
                rest[n] = cut
    return found, [part for part in rest if part]


def _cut(part: str, name: str) -> str:
    if name.isascii():
        return f" {part} ".replace(f" {name} ", " | ").strip()
    return part.replace(name, " ").strip()


def _equal(parts: Iterable[str], index: _Index) -> set[str]:
    """Codes whose short name is a whole part, apart from figures such as a postcode."""
    found: set[str] = set()
    for part in parts:
        found |= index.short.get(DIGITS.sub(" ", part).strip(), set())
    return found
