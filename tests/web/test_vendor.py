"""What ships to the browser is what the manifest lists."""

from hashlib import sha256
from pathlib import Path

import pytest

from backend.web import vendor

LARGEST_SHARE_B = 6_000_000


def test_vendored_files_match_their_manifest() -> None:
    assert vendor.problems() == []


def test_every_package_has_a_version_and_a_licence() -> None:
    packages = vendor.read_manifest()
    assert {"htmx.org", "leaflet", "@picocss/pico"} <= {package.name for package in packages}
    assert all(package.version and package.license and package.files for package in packages)


def test_an_edited_file_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "thing"
    folder.mkdir()
    (folder / "a.js").write_text("1")
    digest = sha256(b"1").hexdigest()
    listed = vendor.Vendored("thing", "1", "MIT", "thing", {"thing/a.js": digest})
    monkeypatch.setattr(vendor, "VENDOR", tmp_path)
    monkeypatch.setattr(vendor, "read_manifest", lambda: [listed])
    assert vendor.problems() == []
    (folder / "a.js").write_text("2")
    (tmp_path / "stray").mkdir()
    assert vendor.problems() == [
        "thing/a.js: differs from the manifest",
        "stray: not in the manifest",
    ]


def test_vendored_files_stay_small() -> None:
    sizes = [path.stat().st_size for path in vendor.VENDOR.rglob("*") if path.is_file()]
    assert sum(sizes) < LARGEST_SHARE_B


def test_the_sprite_holds_the_icons_that_are_asked_for() -> None:
    sprite = (vendor.VENDOR / "lucide" / vendor.SPRITE).read_text()
    assert all(f'id="{name}"' in sprite for name in vendor.ICONS)


def test_a_font_slice_is_loaded_for_its_characters_only() -> None:
    faces = vendor.font_faces({"[4]": "U+4e00", "latin": "U+0041"})
    assert "noto-sans-tc-4-wght-normal.woff2" in faces
    assert "unicode-range:U+4e00" in faces
    assert "U+0041" not in faces
