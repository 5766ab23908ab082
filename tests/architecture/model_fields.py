"""The committed table of every model field: whether it holds personal data.

    .venv/bin/python -m tests.architecture.model_fields

writes it anew: known marks are kept, new fields appear as `?` and must be decided.
"""

import os
from collections.abc import Iterator
from pathlib import Path

TABLE = Path(__file__).with_suffix(".txt")
UNDECIDED = "?"
MARKS = frozenset({"personal", "no"})
HEADER = """\
# Every field of our tables: `personal` (identifies or describes a person; erased with them, never
# in events, logs or open data) or `no`. An id that leads to a person is `no`: it is all that rows
# which outlive a person keep of them. Written by: python -m tests.architecture.model_fields
"""


def fields() -> Iterator[str]:
    """Every concrete field of our models as `app.Model.field`, in order."""
    from django.apps import apps  # noqa: PLC0415 - only once Django is set up

    ours = ("backend.", "matching", "logistics", "notifications")
    for model in apps.get_models(include_auto_created=True):
        if model.__module__.startswith(ours):
            for field in model._meta.concrete_fields:
                yield f"{model._meta.app_label}.{model.__name__}.{field.name}"


def read() -> dict[str, str]:
    """The table as committed; raises ValueError for a line that is not `mark field`."""
    table = {}
    for line in TABLE.read_text().splitlines() if TABLE.exists() else []:
        if line and not line.startswith("#"):
            mark, name = line.split()
            table[name] = mark
    return table


def written() -> str:
    """The table's text with all present fields, keeping what has been decided."""
    decided = read()
    lines = [f"{decided.get(name, UNDECIDED):<8} {name}" for name in sorted(fields())]
    return HEADER + "\n".join(lines) + "\n"


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    TABLE.write_text(written())
