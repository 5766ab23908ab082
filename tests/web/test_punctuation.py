"""Templates leave punctuation between words to the languages."""

import re
from pathlib import Path

import pytest

from backend.web import views

TEMPLATES = Path(views.__file__).parent.parent / "templates"
TRANSLATED = re.compile(r"{% blocktranslate.*?{% endblocktranslate %}", re.DOTALL)
#: What Chinese writes with marks of its own, right after something that was filled in.
LITERAL = re.compile(r"(?:%}|}})(?:[,;:] |\. | \()(?=[^<]*(?:{{|{%))")
#: "1. place": figures before a list are the same in both.
NUMBERED = re.compile(r"(?:sequence|forloop\.counter) }}\. ")


@pytest.mark.parametrize(
    "path",
    sorted(TEMPLATES.rglob("*.html")),
    ids=lambda path: str(path.relative_to(TEMPLATES)),
)
def test_no_latin_punctuation_is_written_between_words(path: Path) -> None:
    text = NUMBERED.sub("", TRANSLATED.sub("", path.read_text()))
    assert not LITERAL.search(text), LITERAL.search(text)


@pytest.mark.parametrize(
    "text", ["{{ a }}, {{ b }}", "{% x %}: {{ b }}", "{{ a }} ({{ b }})", "{{ a }}. {% x %}"]
)
def test_what_would_be_wrong_is_noticed(text: str) -> None:
    assert LITERAL.search(text)
