"""Phone numbers as people of any country write them: 7 to 15 figures, perhaps an extension."""

import re
from typing import Final
from unicodedata import normalize

LONGEST: Final = 30
NUMBER: Final = re.compile(r"\+?[0-9() ./-]+")
EXTENSION: Final = re.compile(r"\s*(?:#|ext\.?|x|轉|分機)\s*([0-9]{1,6})$", re.IGNORECASE)
FIGURES: Final = range(7, 16)


def tidy(written: str) -> str:
    """Full-width figures become plain ones, and an extension is kept behind "#"."""
    return EXTENSION.sub(r"#\1", normalize("NFKC", written).strip())


def is_phone(tidied: str) -> bool:
    number, _mark, _extension = tidied.partition("#")
    figures = sum(letter.isdigit() for letter in number)
    return bool(NUMBER.fullmatch(number)) and figures in FIGURES
