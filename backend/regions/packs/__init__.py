"""The installed region packs, and the one that this installation serves."""

from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from backend.regions.domain.loader import load
from backend.regions.domain.pack import RegionPack

HERE = Path(__file__).resolve().parent


def pack(code: str | None = None) -> RegionPack:
    """The pack with that code, or of settings.REGION; read once per process.

    Looks among the packs that come with the product, then in settings.REGION_PACK_DIRS. Raises
    ImproperlyConfigured for a code that names no folder, PackError for a broken pack.
    """
    return _loaded(folder(code or settings.REGION))


def folder(code: str) -> Path:
    """Where the pack with that code lies."""
    if not code.isidentifier():
        raise ImproperlyConfigured(f"{code!r} is not a region's code")
    for parent in (HERE, *map(Path, settings.REGION_PACK_DIRS)):
        if (parent / code / "region.json").is_file():
            return (parent / code).resolve()
    raise ImproperlyConfigured(f"there is no region pack {code!r}")


@lru_cache(maxsize=8)
def _loaded(directory: Path) -> RegionPack:
    return load(directory)
