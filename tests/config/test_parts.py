"""./test tells failures from gaps, and on a build machine treats gaps as failures."""

import sys

import pytest

from tests import parts
from tests.parts import Outcome, Part, Result, Step, failed, outcome_of, run_part, table


def step(code: int) -> Step:
    return Step((sys.executable, "-c", f"raise SystemExit({code})"))


@pytest.mark.parametrize(
    ("codes", "outcome"),
    [
        ([0, 0], Outcome.PASSED),
        ([0, 1, 0], Outcome.FAILED),
        ([5], Outcome.EMPTY),
        ([], Outcome.EMPTY),
        ([5, 1], Outcome.FAILED),
        ([0, -9], Outcome.FAILED),
    ],
)
def test_a_part_is_as_good_as_its_worst_step(codes: list[int], outcome: Outcome) -> None:
    assert outcome_of(codes) is outcome
    assert run_part(Part("part", [step(code % 256) for code in codes])).outcome is outcome


def test_a_part_without_its_service_is_skipped_and_says_what_it_lacks() -> None:
    result = run_part(Part("part", [step(1)], missing=lambda: "PostgreSQL"))
    assert result.outcome is Outcome.SKIPPED
    assert "PostgreSQL" in result.note


@pytest.mark.parametrize("gap", [Outcome.SKIPPED, Outcome.EMPTY])
def test_gaps_pass_at_home_and_fail_on_the_build_machine(gap: Outcome) -> None:
    result = Result("part", gap, 0.0)
    assert not failed(result, strict=False)
    assert failed(result, strict=True)


def test_a_failure_fails_everywhere() -> None:
    result = Result("part", Outcome.FAILED, 1.0)
    assert failed(result, strict=False)
    assert failed(result, strict=True)


def test_the_exit_status_tells_that_a_part_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    known = {"good": Part("good", [step(0)]), "bad": Part("bad", [step(1)])}
    monkeypatch.setattr(parts, "parts", lambda: known)
    assert parts.main(["good"]) == 0
    assert parts.main(["good", "bad"]) == 1


def test_the_table_has_a_line_for_each_part_and_the_sum() -> None:
    lines = table(
        [Result("lint", Outcome.PASSED, 2.25), Result("unit", Outcome.FAILED, 1.5)]
    ).splitlines()
    assert lines[1].split() == ["lint", "passed", "2.2"]
    assert lines[2].split() == ["unit", "FAILED", "1.5"]
    assert lines[3].split() == ["all", "3.8"]


def test_without_a_name_every_part_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[str] = []

    def noted(part: parts.Part) -> parts.Result:
        ran.append(part.name)
        return parts.Result(part.name, parts.Outcome.PASSED, 0.0)

    monkeypatch.setattr(parts, "run_part", noted)
    assert parts.main([]) == 0
    assert ran == list(parts.parts())


def test_an_unknown_part_is_refused() -> None:
    with pytest.raises(SystemExit):
        parts.main(["everything"])
