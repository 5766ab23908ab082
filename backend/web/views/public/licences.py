"""What others made and we use: data, browser files, Python packages, with their licences."""

from collections.abc import Iterator
from importlib import metadata

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from backend.regions.packs import pack
from backend.web import vendor

#: Longer values are whole licence texts, which some packages put where the name belongs.
LONGEST_NAME = 60
TROVE = "License :: OSI Approved :: "


@require_safe
def licences(request: HttpRequest) -> HttpResponse:
    context = {
        "attributions": pack().attributions,
        "browser": vendor.read_manifest(),
        "python": sorted(_packages(), key=lambda row: row[0].lower()),
    }
    return render(request, "web/public/licences.html", context)


def _packages() -> Iterator[tuple[str, str, str]]:
    """Name, version and licence of each installed distribution, as it declares them."""
    seen = set()
    for distribution in metadata.distributions():
        name = distribution.metadata["Name"]
        if name and name not in seen:
            seen.add(name)
            yield name, distribution.version, _licence(distribution.metadata)


def _licence(about: metadata.PackageMetadata) -> str:
    fields = about.json
    named = str(fields.get("license_expression") or fields.get("license") or "")
    if named and len(named) <= LONGEST_NAME and "\n" not in named:
        return named
    classifiers = fields.get("classifier") or []
    found = [line.removeprefix(TROVE) for line in classifiers if line.startswith(TROVE)]
    return ", ".join(found)
