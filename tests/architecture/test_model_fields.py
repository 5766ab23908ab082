"""Every stored field has been looked at by someone who asked: is this about a person?"""

from tests.architecture import model_fields


def test_every_field_is_in_the_table_of_personal_data() -> None:
    table, fields = model_fields.read(), set(model_fields.fields())
    assert fields - table.keys() == set(), "run: python -m tests.architecture.model_fields"
    assert table.keys() - fields == set(), "run: python -m tests.architecture.model_fields"


def test_every_field_is_decided() -> None:
    undecided = {n: m for n, m in model_fields.read().items() if m not in model_fields.MARKS}
    assert undecided == {}
