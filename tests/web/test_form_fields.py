"""Fields that several forms share take what people type and refuse what cannot be."""

import pytest
from django import forms
from django.utils import translation

from backend.web.forms.fields import PhoneField


@pytest.fixture(autouse=True)
def _english() -> object:
    with translation.override("en"):
        yield


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("02-2345-6789", "02-2345-6789"),
        ("(02) 2345 6789", "(02) 2345 6789"),
        ("+886 912 345 678", "+886 912 345 678"),
        ("０９１２－３４５－６７８", "0912-345-678"),
        ("02-2345-6789 ext. 12", "02-2345-6789#12"),
        ("02-2345-6789 分機 12", "02-2345-6789#12"),
        ("02-2345-6789轉12", "02-2345-6789#12"),
        ("030 1234567", "030 1234567"),
        ("", ""),
    ],
)
def test_a_phone_number_is_kept_as_written(typed: str, kept: str) -> None:
    assert PhoneField(required=False).clean(typed) == kept


@pytest.mark.parametrize(
    "typed",
    ["abc", "12345", "1" * 16, "02-2345-67ab", "++886912345678", "call me at 0912345678", "#12"],
)
def test_what_is_no_phone_number_is_refused(typed: str) -> None:
    with pytest.raises(forms.ValidationError, match="Please type a phone number"):
        PhoneField(required=False).clean(typed)
