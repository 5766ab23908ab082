"""The command that checks a pack before it is installed."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command


def _check(pack: str) -> str:
    out = StringIO()
    call_command("check_pack", pack, stdout=out)
    return out.getvalue()


def test_a_whole_pack_is_summed_up() -> None:
    assert "22 counties, 368 townships" in _check("tw")


def test_a_folder_can_be_checked_too(pack_copy: Path) -> None:
    assert "li 1 (Liechtenstein) is whole: 2 counties" in _check(str(pack_copy))


def test_a_broken_pack_fails_with_file_and_row(pack_copy: Path) -> None:
    (pack_copy / "diets.csv").write_text("code,name:de,name:en\nvegan,,x\n", encoding="utf-8")
    with pytest.raises(CommandError, match=r"diets\.csv, row 2: name:de must be a text"):
        _check(str(pack_copy))


def test_an_unknown_code_fails() -> None:
    with pytest.raises(CommandError, match="no region pack 'nowhere'"):
        _check("nowhere")
