"""Copies third-party browser files into `static/vendor` and keeps a manifest with their hashes.

    python -m backend.web.vendor --check
    python -m backend.web.vendor UNPACKED

UNPACKED holds one folder per package of PACKAGES, each the content of its npm archive. htmx comes
from the installed django-htmx. Node is needed only to fetch the archives; nothing here uses the
network.
"""

import argparse
import json
import re
import shutil
import sys
from dataclasses import asdict, dataclass
from hashlib import sha256
from importlib import resources
from pathlib import Path
from xml.etree import ElementTree

STATIC = Path(__file__).parent / "static"
VENDOR = STATIC / "vendor"
MANIFEST = VENDOR / "manifest.json"
SPRITE = "icons.svg"
SVG = "http://www.w3.org/2000/svg"
#: Map comments would make browsers and the hashing of static files look for files we leave out.
SOURCE_MAP = re.compile(rb"\n?(?://|/\*)[#@] sourceMappingURL=[^\n*]*(?:\*/)?\s*$")

#: The Lucide icons the pages use, one name a line.
ICONS = tuple((Path(__file__).parent / "icons.txt").read_text().split())


@dataclass(frozen=True, slots=True)
class Package:
    """One source: its folder in `static/vendor`, and which files to take, as (from, to)."""

    name: str
    folder: str
    license: str
    files: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Vendored:
    """One line of the manifest; `files` is sha256 by path below `static/vendor`."""

    name: str
    version: str
    license: str
    folder: str
    files: dict[str, str]


PACKAGES = (
    Package(
        "@picocss/pico",
        "pico",
        "MIT",
        (("css/pico.min.css", "pico.min.css"), ("LICENSE.md", "LICENSE")),
    ),
    Package(
        "leaflet",
        "leaflet",
        "BSD-2-Clause",
        (
            ("dist/leaflet.js", "leaflet.js"),
            ("dist/leaflet.css", "leaflet.css"),
            ("dist/images/*.png", "images/"),
            ("LICENSE", "LICENSE"),
        ),
    ),
    Package(
        "leaflet.markercluster",
        "leaflet.markercluster",
        "MIT",
        (
            ("dist/leaflet.markercluster.js", "leaflet.markercluster.js"),
            ("dist/MarkerCluster.css", "MarkerCluster.css"),
            ("MIT-LICENCE.txt", "LICENSE"),
        ),
    ),
    Package(
        "@fontsource-variable/figtree",
        "figtree",
        "OFL-1.1",
        (("files/figtree-latin*-wght-normal.woff2", ""), ("LICENSE", "LICENSE")),
    ),
    Package(
        "@fontsource-variable/noto-sans-tc",
        "noto-sans-tc",
        "OFL-1.1",
        (("files/noto-sans-tc-[0-9]*-wght-normal.woff2", ""), ("LICENSE", "LICENSE")),
    ),
    Package("lucide-static", "lucide", "ISC", (("LICENSE", "LICENSE"),)),
)


def sprite(icons: Path) -> str:
    """One SVG with a symbol for each of ICONS; raises FileNotFoundError for an unknown name."""
    ElementTree.register_namespace("", SVG)
    root = ElementTree.Element(f"{{{SVG}}}svg")
    for name in ICONS:
        drawing = ElementTree.parse(icons / f"{name}.svg").getroot()  # noqa: S314 - unpacked by us
        shape = {"id": name, "viewBox": "0 0 24 24"}
        symbol = ElementTree.SubElement(root, f"{{{SVG}}}symbol", shape)
        symbol.extend(list(drawing))
    ElementTree.indent(root, space=" ")
    return ElementTree.tostring(root, encoding="unicode") + "\n"


def font_faces(unicode_ranges: dict[str, str]) -> str:
    """The style sheet of Noto Sans TC: a face for each slice of characters; a page loads few."""
    faces = []
    for slice_name, characters in unicode_ranges.items():
        number = slice_name.strip("[]")
        if number.isdecimal():
            faces.append(
                "@font-face{font-family:'Noto Sans TC';font-style:normal;font-display:swap;"
                f"font-weight:100 900;src:url(noto-sans-tc-{number}-wght-normal.woff2) "
                f"format('woff2');unicode-range:{characters}}}\n"
            )
    return "".join(faces)


def copy_package(package: Package, unpacked: Path) -> str:
    """Copies what we use of one package, returns its version; ValueError when a file is missing."""
    candidates = unpacked.glob("*/package.json")
    source = next((p.parent for p in candidates if _name(p) == package.name), None)
    if source is None:
        raise ValueError(f"{package.name}: not found under {unpacked}")
    target = VENDOR / package.folder
    shutil.rmtree(target, ignore_errors=True)
    for pattern, to in package.files:
        found = sorted(source.glob(pattern))
        if not found:
            raise ValueError(f"{package.name}: no {pattern}")
        for path in found:
            destination = target / (to + path.name if to == "" or to.endswith("/") else to)
            destination.parent.mkdir(parents=True, exist_ok=True)
            destination.write_bytes(_without_map(path))
    if package.folder == "lucide":
        (target / SPRITE).write_text(sprite(source / "icons"))
    if package.folder == "noto-sans-tc":
        ranges = json.loads((source / "unicode.json").read_text())
        (target / "noto-sans-tc.css").write_text(font_faces(ranges))
    return str(json.loads((source / "package.json").read_text())["version"])


def copy_htmx() -> str:
    """Copies htmx 2 out of django-htmx and returns its version."""
    script = resources.files("django_htmx") / "static" / "django_htmx" / "htmx-2.min.js"
    content = script.read_bytes()
    target = VENDOR / "htmx"
    target.mkdir(parents=True, exist_ok=True)
    (target / "htmx.min.js").write_bytes(content)
    found = re.search(rb'version:"(2\.[0-9.]+)"', content)
    if found is None:
        raise ValueError("htmx: no version in the script")
    return found[1].decode()


def describe(versions: dict[str, str]) -> dict[str, object]:
    """The manifest: each package with its version, licence and the hash of each file."""
    folders = {**{p.name: (p.folder, p.license) for p in PACKAGES}, "htmx.org": ("htmx", "0BSD")}
    return {
        "packages": [
            asdict(Vendored(name, versions[name], license_id, folder, hashes(folder)))
            for name, (folder, license_id) in sorted(folders.items())
        ]
    }


def hashes(folder: str) -> dict[str, str]:
    """sha256 by path below `static/vendor`, for all files of a package's folder."""
    paths = sorted(p for p in (VENDOR / folder).rglob("*") if p.is_file())
    return {p.relative_to(VENDOR).as_posix(): sha256(p.read_bytes()).hexdigest() for p in paths}


def problems() -> list[str]:
    """What differs between the manifest and the files; empty when nothing does."""
    listed = read_manifest()
    found: list[str] = []
    for package in listed:
        now = hashes(package.folder)
        for path in sorted(package.files.keys() | now.keys()):
            if package.files.get(path) != now.get(path):
                found.append(f"{path}: differs from the manifest")
    known = {package.folder for package in listed}
    folders = {p.name for p in VENDOR.iterdir() if p.is_dir()}
    return found + [f"{name}: not in the manifest" for name in sorted(folders - known)]


def read_manifest() -> list[Vendored]:
    """The packages listed in the manifest."""
    return [Vendored(**package) for package in json.loads(MANIFEST.read_text())["packages"]]


def _name(package_json: Path) -> str:
    return str(json.loads(package_json.read_text())["name"])


def _without_map(path: Path) -> bytes:
    content = path.read_bytes()
    return SOURCE_MAP.sub(b"\n", content) if path.suffix in {".js", ".css"} else content


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m backend.web.vendor")
    parser.add_argument("unpacked", nargs="?", type=Path, help="folder of unpacked npm packages")
    parser.add_argument("--check", action="store_true", help="compare files with the manifest")
    options = parser.parse_args(arguments)
    if options.unpacked:
        versions = {p.name: copy_package(p, options.unpacked) for p in PACKAGES}
        versions["htmx.org"] = copy_htmx()
        MANIFEST.write_text(json.dumps(describe(versions), indent=1, ensure_ascii=False) + "\n")
    for problem in problems():
        sys.stdout.write(problem + "\n")
    return 1 if problems() else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
