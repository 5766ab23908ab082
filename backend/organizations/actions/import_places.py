"""Imports a county's list of places: organizations with their locations and assumed hours.

Everything is checked before anything is written; then a few places at a time are written, each few
in a transaction of their own. Running it again changes only what differs.
"""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from backend.common.actor import Actor
from backend.common.permissions import may
from backend.common.refusals import Invalid, NotAllowed, Text
from backend.organizations.actions.import_chunk import PLACES_AT_ONCE, import_chunk
from backend.organizations.actions.plan_import import Deed, Step, plan_import
from backend.organizations.domain.places_file import BadFile, Objection, Place, read_places
from backend.regions.packs import pack

DEFAULT_SOURCE = "list"
FILE_MESSAGES: Mapping[str, Text] = {
    "empty": _("This file is empty."),
    "too_large": _("This file is larger than %(limit_mb)s MB. Please split it."),
    "bad_encoding": _("This file is not in UTF-8. Please save it as “CSV UTF-8” and try again."),
    "not_csv": _("This is not a CSV file with commas (line %(line)s)."),
    "missing_columns": _("These columns are missing: %(columns)s."),
    "unknown_columns": _("These columns are unknown or doubled: %(columns)s."),
    "too_many_rows": _("This file has more than %(limit)s rows. Please split it."),
}
ROW_MESSAGES: Mapping[str, Text] = {
    "wrong_width": _("This row has another number of values than the header."),
    "missing": _("This is missing."),
    "unknown_role": _("Known roles are donor, recipient, hub, carrier and authority."),
    "unknown_code": _("The region has no such code."),
    "not_a_number": _("This is not a number in degrees, such as 25.0330."),
    "not_on_earth": _("There is no such place on earth. Were the coordinates swapped?"),
    "outside_region": _("This point lies outside the area that we serve."),
    "other_county": _("The point lies in another county than the row says."),
    "too_long": _("This is too long."),
    "bad_characters": _("This has characters that cannot be shown."),
    "not_an_address": _("This is not an e-mail address."),
    "not_a_phone": _("This is not a phone number, such as 02-2345-6789 or +886 912 345 678."),
    "twice_in_file": _("This place_id was in an earlier row."),
    "not_your_county": _("You are not a coordinator of the county in which this lies."),
    "has_managers": _("This organization has managers of its own, who add its places."),
    "taken": _("Another organization has this registration number."),
}
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did, or in a dry run would do; with objections it does nothing at all.

    `rows` counts sound and unsound rows, `skipped` those of counties that were not asked for,
    `left_alone` places that people manage or closed.
    """

    dry_run: bool
    rows: int
    created: int
    updated: int
    unchanged: int
    left_alone: int
    skipped: int
    objections: tuple[Objection, ...]

    @property
    def is_refused(self) -> bool:
        return bool(self.objections)


def import_places(
    *,
    content: bytes,
    by: Actor,
    now: datetime,
    source: str = DEFAULT_SOURCE,
    counties: Collection[str] = (),
    verified: bool = False,
    dry_run: bool = False,
    on_progress: Progress | None = None,
) -> ImportReport:
    """Imports a CSV file (see places_file) for coordinators of the counties in it.

    `counties` narrows to rows there. New organizations wait for verification unless the coordinator
    says that their list vouches for them (`verified`). Not one transaction: when it breaks off half
    way, running it again does the rest. Raises NotAllowed, Invalid for a file that cannot be read,
    ImportCollided.
    """
    region = pack()
    wanted = set(counties) or set(region.counties)
    allowed = {code for code in wanted if may(by, "organizations.import_places", code)}
    if not allowed:
        raise NotAllowed()
    try:
        found = read_places(content, region=region, default_source=source)
    except BadFile as bad:
        raise Invalid.field("file", bad.code, str(FILE_MESSAGES[bad.code]) % bad.facts) from bad
    places = [each for each in found.places if each.township.county_code in wanted]
    steps, objections = plan_import(places)
    objections += [*found.objections, *_foreign(places, allowed)]
    if not (dry_run or objections):
        _write(steps, verified=verified, by=by, now=now, on_progress=on_progress)
    return _report(
        steps,
        objections,
        dry_run=dry_run,
        rows=len(found.places) + len({each.line for each in found.objections}),
        skipped=len(found.places) - len(places),
    )


def _foreign(places: Sequence[Place], allowed: Collection[str]) -> list[Objection]:
    return [
        Objection(place.line, "county_code", "not_your_county")
        for place in places
        if place.township.county_code not in allowed
    ]


def _write(
    steps: Sequence[Step],
    *,
    verified: bool,
    by: Actor,
    now: datetime,
    on_progress: Progress | None,
) -> None:
    work = [step for step in steps if step.deed in (Deed.CREATE, Deed.UPDATE)]
    for done in range(0, len(work), PLACES_AT_ONCE):
        import_chunk(steps=work[done : done + PLACES_AT_ONCE], verified=verified, by=by, now=now)
        if on_progress:
            on_progress(min(done + PLACES_AT_ONCE, len(work)), len(work))


def _report(
    steps: Sequence[Step],
    objections: Sequence[Objection],
    *,
    dry_run: bool,
    rows: int,
    skipped: int,
) -> ImportReport:
    count = Counter(step.deed for step in steps)
    return ImportReport(
        dry_run=dry_run,
        rows=rows,
        created=count[Deed.CREATE],
        updated=count[Deed.UPDATE],
        unchanged=count[Deed.KEEP],
        left_alone=count[Deed.LEAVE],
        skipped=skipped,
        objections=tuple(sorted(objections, key=lambda each: (each.line, each.column))),
    )
