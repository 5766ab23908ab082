"""Collects translatable texts from templates and Python, and keeps the catalogues complete.

    python -m backend.web.messages update     adds new texts to each django.po, drops unused ones
    python -m backend.web.messages compile    writes django.mo from django.po
    python -m backend.web.messages check      fails unless every text is translated and .mo is fresh

Needs polib (a development requirement), no GNU gettext.
"""

import ast
import os
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import polib
from django.conf import settings
from django.utils.translation import template as django_templates
from django.utils.translation import to_locale

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGES = ("backend", "matching", "logistics", "notifications")
LEFT_OUT = {"migrations", "node_modules", "static", "tests"}
#: Functions whose text arguments are translated: where (singular, plural, context) stand.
CALLS: dict[str, tuple[int, int | None, int | None]] = {
    "gettext": (0, None, None),
    "gettext_lazy": (0, None, None),
    "gettext_noop": (0, None, None),
    "_": (0, None, None),
    "ngettext": (0, 1, None),
    "ngettext_lazy": (0, 1, None),
    "pgettext": (1, None, 0),
    "pgettext_lazy": (1, None, 0),
    "npgettext": (1, 2, 0),
    "npgettext_lazy": (1, 2, 0),
}
WRAP = 96
STRING = r"""u?(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
#: What Django turns a template's texts into: calls with literals, and a count for plurals.
TEMPLATE_CALL = re.compile(rf"(?<![\w.])(?:n?p?gettext|_)\({STRING}(?:, {STRING})*(?:, ?count)?\)")
#: A printf place, of which translations must use the same set.
PLACE = re.compile(r"%\((\w+)\)[a-z]|%[sd]")


@dataclass(frozen=True, slots=True, order=True)
class Text:
    """One translatable text; `plural` and `context` are empty where there is none."""

    msgid: str
    plural: str = ""
    context: str = ""


def python_texts(source: str) -> Iterator[Text]:
    """The texts in Python source: literal arguments of the gettext functions."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and (places := CALLS.get(_called(node))):
            found = [_literal(node, place) for place in places]
            if found[0]:
                yield Text(found[0], found[1] or "", found[2] or "")


def template_texts(source: str, origin: str) -> Iterator[Text]:
    """The texts in a Django template, by way of Django's own translation into gettext calls."""
    code = django_templates.templatize(source, origin=origin)
    for call in TEMPLATE_CALL.finditer(code):
        yield from python_texts(call[0])


def collect(root: Path = ROOT) -> dict[Text, list[str]]:
    """Every text of the product with the files it stands in, in the order of the files."""
    found: dict[Text, list[str]] = {}
    for path in _sources(root):
        origin = path.relative_to(root).as_posix()
        content = path.read_text()
        texts = python_texts(content) if path.suffix == ".py" else template_texts(content, origin)
        for text in texts:
            files = found.setdefault(text, [])
            if origin not in files:
                files.append(origin)
    return found


def update(catalogue: polib.POFile, texts: dict[Text, list[str]]) -> None:
    """Makes the catalogue hold exactly these texts, keeping the translations it has."""
    kept = {_key(entry): entry for entry in catalogue}
    entries = []
    for text in sorted(texts, key=lambda text: (texts[text][0], text)):
        entry = kept.get(text) or _entry(text)
        entry.occurrences = [(file, "") for file in texts[text]]
        entries.append(entry)
    catalogue[:] = entries


def faults(catalogue: polib.POFile, texts: Iterable[Text]) -> list[str]:
    """What keeps a catalogue from being complete: texts missing, unused, untranslated or broken."""
    entries = {_key(entry): entry for entry in catalogue}
    wanted = set(texts)
    found = [f"not in the catalogue: {text.msgid!r}" for text in sorted(wanted - entries.keys())]
    found += [f"no longer used: {text.msgid!r}" for text in sorted(entries.keys() - wanted)]
    for text in sorted(wanted & entries.keys()):
        entry = entries[text]
        if not entry.translated() or entry.fuzzy:
            found.append(f"not translated: {text.msgid!r}")
        elif not _same_places(entry):
            found.append(f"other places than the text: {text.msgid!r}")
    return found


def catalogues() -> Iterator[Path]:
    """The django.po of each language but English, which the texts themselves are in."""
    for code, _name in settings.LANGUAGES:
        if code != "en":
            yield Path(settings.LOCALE_PATHS[0]) / to_locale(code) / "LC_MESSAGES" / "django.po"


def main(command: str) -> int:
    texts = collect()
    problems = []
    for path in catalogues():
        catalogue = polib.pofile(str(path), wrapwidth=WRAP) if path.exists() else _new(path)
        compiled = path.with_suffix(".mo")
        if command == "update":
            update(catalogue, texts)
            catalogue.save(str(path))
        elif command == "compile":
            compiled.write_bytes(catalogue.to_binary())
        problems += [f"{path.parent.parent.name}: {line}" for line in faults(catalogue, texts)]
        if not compiled.exists() or compiled.read_bytes() != catalogue.to_binary():
            problems.append(f"{compiled.name} is not fresh: run compile")
    sys.stdout.writelines(f"{problem}\n" for problem in problems)
    return 1 if problems and command == "check" else 0


def _sources(root: Path) -> Iterator[Path]:
    for package in PACKAGES:
        for path in sorted((root / package).rglob("*")):
            below = set(path.relative_to(root).parts)
            is_template = path.suffix in {".html", ".txt"} and "templates" in below
            if (path.suffix == ".py" or is_template) and not below & LEFT_OUT:
                yield path


def _called(node: ast.Call) -> str:
    if isinstance(node.func, ast.Name):
        return node.func.id
    return node.func.attr if isinstance(node.func, ast.Attribute) else ""


def _literal(node: ast.Call, place: int | None) -> str | None:
    if place is None or len(node.args) <= place:
        return None
    match node.args[place]:
        case ast.Constant(value=str(text)):
            return text
    return None


def _key(entry: polib.POEntry) -> Text:
    return Text(entry.msgid, entry.msgid_plural or "", entry.msgctxt or "")


def _entry(text: Text) -> polib.POEntry:
    is_format = bool(PLACE.search(text.msgid))
    return polib.POEntry(
        msgid=text.msgid,
        msgid_plural=text.plural,
        msgctxt=text.context or None,
        msgstr_plural={0: ""} if text.plural else {},
        flags=["python-format"] if is_format else [],
    )


def _same_places(entry: polib.POEntry) -> bool:
    """Translations fill the same places; of a plural either form's set will do."""
    wanted = [set(PLACE.findall(text)) for text in (entry.msgid, entry.msgid_plural or entry.msgid)]
    given = entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr]
    return all(set(PLACE.findall(text)) in wanted for text in given)


def _new(path: Path) -> polib.POFile:
    path.parent.mkdir(parents=True, exist_ok=True)
    catalogue = polib.POFile(wrapwidth=WRAP)
    catalogue.metadata = {
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "MIME-Version": "1.0",
        "Language": path.parent.parent.name,
        "Plural-Forms": "nplurals=1; plural=0;",
    }
    return catalogue


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in {"update", "compile", "check"}:  # noqa: PLR2004
        sys.exit(__doc__)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.config.settings")
    sys.exit(main(sys.argv[1]))
