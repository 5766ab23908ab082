"""Reads JSON bodies strictly: what two programs could read differently is refused."""

import json
from collections.abc import Mapping
from typing import IO, Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

LARGEST_INTEGER = 2**63 - 1


class StrictJSONParser(BaseParser):
    """JSON (RFC 8259) in UTF-8, without duplicate names, NaN, infinities, integers of more than 64
    bits, null characters or lone surrogates: none of them can be stored or compared safely.
    """

    media_type = "application/json"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        try:
            text = stream.read().decode("utf-8")
            parsed = json.loads(
                text,
                object_pairs_hook=_without_duplicates,
                parse_constant=_refuse,
                parse_int=_integer,
            )
            if "\\u" in text:
                _refuse_unstorable(parsed)
        except (ValueError, RecursionError) as error:
            raise ParseError(_("The request is not valid JSON.")) from error
        return parsed


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name occurs twice")
    return found


def _refuse(constant: str) -> None:
    raise ValueError(constant)


def _integer(text: str) -> int:
    number = int(text)
    if abs(number) > LARGEST_INTEGER:
        raise ValueError("an integer of more than 64 bits")
    return number


def _refuse_unstorable(parsed: Any) -> None:
    """Raises ValueError for text that was escaped because it is no text."""
    plain = json.dumps(parsed, ensure_ascii=False)
    plain.encode("utf-8")
    if "\\u0000" in plain:
        raise ValueError("a null character")
