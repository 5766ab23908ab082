"""Secrets come from the environment or from files, as containers mount them."""

from pathlib import Path

import pytest

from backend.config.environment import Environment


def test_a_value_may_be_in_a_file_and_loses_its_line_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "url").write_text("postgres://db/food\n")
    monkeypatch.setenv("SOME_URL_FILE", str(tmp_path / "url"))
    assert Environment().str("SOME_URL") == "postgres://db/food"
    assert Environment().db("SOME_URL")["NAME"] == "food"


def test_a_file_that_is_not_there_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTHER_URL_FILE", "/nowhere/at/all")
    with pytest.raises(FileNotFoundError):
        Environment().str("OTHER_URL", default="safe")


def test_without_a_file_the_value_is_taken_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLAIN_VALUE", "as it is")
    assert Environment().str("PLAIN_VALUE") == "as it is"
    assert Environment().str("NOT_SET_ANYWHERE", default="default") == "default"
