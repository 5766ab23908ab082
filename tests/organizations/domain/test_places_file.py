"""Whatever bytes come, reading a list of places ends in places and objections or one refusal."""

import csv as csv_module
from io import StringIO

from hypothesis import given
from hypothesis import strategies as st

from backend.organizations.actions.import_places import FILE_MESSAGES
from backend.organizations.domain.places_file import COLUMNS, BadFile, PlacesFile, read_places
from backend.regions.packs import pack

NEEDED = ["place_id", "role", "lat", "lon", "label"]
SOUND = {"place_id": "a", "role": "donor", "lat": "25.033", "lon": "121.5434", "label": "Shop"}
#: Values that people and programs really put into such cells, and arbitrary text.
messy = st.one_of(
    st.text(max_size=20),
    st.sampled_from(
        [
            "",
            " ",
            "25.03",
            "121,5",
            "NaN",
            "-inf",
            "1e400",
            "٢٥",
            "=1+1",
            "donor+hub",
            "\u202e",
            "'",
        ]
    ),
)
cells = st.fixed_dictionaries({name: st.one_of(st.just(SOUND[name]), messy) for name in NEEDED})


def read(content: bytes) -> PlacesFile | str:
    """What the file says, or the code of the refusal."""
    try:
        return read_places(content, region=pack())
    except BadFile as bad:
        return bad.code


def written(rows: list[dict[str, str]], columns: list[str]) -> bytes:
    text = StringIO()
    writer = csv_module.DictWriter(text, columns)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("utf-8", "surrogatepass")


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    found = read(content)
    if isinstance(found, PlacesFile):
        lines = [place.line for place in found.places]
        lines += [objection.line for objection in found.objections]
        assert all(line > 1 for line in lines)
    else:
        assert found in FILE_MESSAGES


@given(st.lists(cells, max_size=12))
def test_every_row_ends_as_a_place_or_with_objections_to_it(rows: list[dict[str, str]]) -> None:
    content = written(rows, NEEDED)
    found = read(content)
    if not isinstance(found, PlacesFile):
        assert found in {"bad_encoding", "not_csv", "empty"}
        return
    sound = {place.line for place in found.places}
    unsound = {objection.line for objection in found.objections}
    assert not sound & unsound
    filled = [row for row in rows if any(value.strip() for value in row.values())]
    assert len(sound) + len(unsound) == len(filled)
    assert all(objection.column in {*COLUMNS, ""} for objection in found.objections)


@given(st.permutations(NEEDED), st.integers(1, 30))
def test_columns_may_stand_in_any_order(columns: list[str], count: int) -> None:
    rows = [SOUND | {"place_id": str(number)} for number in range(count)]
    found = read_places(written(rows, list(columns)), region=pack())
    assert len(found.places) == count
    assert not found.objections
    assert {place.township.county_code for place in found.places} == {"63000"}


@given(st.integers(1, 20))
def test_line_numbers_count_lines_of_the_file_even_with_breaks_in_cells(count: int) -> None:
    rows = [SOUND | {"place_id": str(number), "label": "Two\nlines"} for number in range(count)]
    rows.append(SOUND | {"place_id": "last", "lat": "x"})
    objections = read_places(written(rows, NEEDED), region=pack()).objections
    assert objections[-1].line == 2 + 2 * count
