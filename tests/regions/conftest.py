"""The small second region, by folder and as the one that is served."""

import shutil
from pathlib import Path

import pytest
from pytest_django import Settings

from backend.regions.domain.loader import load
from backend.regions.domain.pack import RegionPack
from backend.regions.packs import pack

PACKS = Path(__file__).parent / "packs"


@pytest.fixture(scope="session")
def small_pack() -> RegionPack:
    """A region of two counties in which best-before dates do not forbid giving."""
    return load(PACKS / "li")


@pytest.fixture
def small_region(settings: Settings) -> RegionPack:
    """The small region, served instead of the usual one."""
    settings.REGION_PACK_DIRS = [str(PACKS)]
    settings.REGION = "li"
    return pack()


@pytest.fixture
def pack_copy(tmp_path: Path) -> Path:
    """A copy of the small region's folder, for breaking."""
    return Path(shutil.copytree(PACKS / "li", tmp_path / "li"))
