"""The public benchmark formats, on tiny instances of our own."""

import gzip
from pathlib import Path

import pytest

from logistics.domain.checker import check
from logistics.domain.instances import (
    Instance,
    Node,
    node_routes,
    read_instance,
    read_li_lim,
    read_sartori_buriol,
    write_li_lim,
    write_sartori_buriol,
)
from logistics.domain.invalid import InvalidProblem
from logistics.domain.limits import Limits
from logistics.domain.solver.solve import solve

LI_LIM = """2\t10\t1
0\t0\t0\t0\t0\t100\t0\t0\t0
1\t3\t4\t5\t0\t50\t2\t0\t2
2\t6\t8\t-5\t0\t60\t2\t1\t0
"""

SARTORI = """NAME: tiny
LOCATION: Nowhere
SIZE: 3
ROUTE-TIME: 100
CAPACITY: 10
NODES
0 24.1 120.6 0 0 100 0 0 0
1 24.2 120.7 5 0 50 2 0 2
2 24.3 120.8 -5 0 60 2 1 0
EDGES
0 5 9
6 0 4
9 4 0
EOF
"""


def test_a_li_lim_instance_is_read_and_solved_to_its_length() -> None:
    instance = read_li_lim(LI_LIM, name="tiny")
    assert (instance.vehicles, instance.capacity, len(instance.nodes)) == (2, 10, 3)
    assert instance.nodes[1] == Node(3, 4, 5, 0, 50, 2, 0, 2)
    one = instance.problem()
    plan = solve(one, limits=Limits(iterations=10), seed=1)
    assert check(one, plan) == []
    assert node_routes(plan) == [[1, 2]]
    assert instance.distance(plan) == 20.0
    assert plan.routes[0].distance_m == 20_000


def test_the_last_moment_of_a_window_counts_in_these_formats() -> None:
    exact = LI_LIM.replace("0\t50\t2\t0\t2", "0\t5\t2\t0\t2")
    late = LI_LIM.replace("0\t50\t2\t0\t2", "0\t4\t2\t0\t2")
    for text, routes in ((exact, 1), (late, 0)):
        one = read_li_lim(text, name="tiny").problem()
        assert len(solve(one, limits=Limits(iterations=0), seed=1).routes) == routes


def test_a_sartori_buriol_instance_keeps_its_asymmetric_minutes() -> None:
    instance = read_sartori_buriol(SARTORI)
    assert (instance.name, instance.vehicles, instance.capacity) == ("tiny", 1, 10)
    plan = solve(instance.problem(), limits=Limits(iterations=0), seed=1)
    assert instance.distance(plan) == 5 + 4 + 9
    assert plan.routes[0].duration_s == 5 + 2 + 4 + 2 + 9


def test_what_is_written_reads_back_the_same(tmp_path: Path) -> None:
    euclidean, road = read_li_lim(LI_LIM, name="tiny"), read_sartori_buriol(SARTORI)
    plain, packed = tmp_path / "tiny.txt", tmp_path / "tiny.txt.gz"
    plain.write_text(write_li_lim(euclidean))
    packed.write_bytes(gzip.compress(write_sartori_buriol(road).encode()))
    assert read_instance(plain) == euclidean
    assert read_instance(packed) == road


def test_coordinates_with_fractions_survive() -> None:
    nodes = (Node(0, 0, 0, 0, 9, 0, 0, 0), Node(0.125, -2.5, 0, 0, 9, 0, 0, 0))
    instance = Instance("tiny", 1, 1, nodes)
    assert read_li_lim(write_li_lim(instance), name="tiny") == instance


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", "line 1"),
        ("2 10\n", "line 1"),
        (LI_LIM.replace("\t60\t2\t1\t0", "\t60\t2\t1"), "line 4"),
        (LI_LIM.replace("3\t4\t5", "3\tx\t5"), "line 3"),
        ("NAME: x\nNODES\n", "line 1"),
        (SARTORI.replace("6 0 4", "6 0"), "line 12"),
        (SARTORI.replace("9 4 0\n", ""), "line 13"),
    ],
)
def test_a_broken_file_is_refused_with_its_line(text: str, line: str, tmp_path: Path) -> None:
    path = tmp_path / "broken.txt"
    path.write_text(text)
    with pytest.raises(InvalidProblem) as caught:
        read_instance(path)
    assert [issue.path for issue in caught.value.issues] == [line]
