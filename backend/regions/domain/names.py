"""What a thing of the region is called, in each of the region's languages."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Names:
    """One name per language code; the first language is the one to fall back on."""

    by_language: Mapping[str, str]

    def in_language(self, language: str) -> str:
        """The name for a reader of `language`.

        "pt-br" finds "pt-pt" when that is the pack's only kind of "pt"; an unknown language gets
        the pack's first.
        """
        wanted = language.lower()
        if wanted in self.by_language:
            return self.by_language[wanted]
        family = wanted.split("-", 1)[0]
        for code, name in self.by_language.items():
            if code.split("-", 1)[0] == family:
                return name
        return str(self)

    def __str__(self) -> str:
        return next(iter(self.by_language.values()))
