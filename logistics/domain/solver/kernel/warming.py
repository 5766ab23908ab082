"""Making machine code before it is needed: at set-up, else in the background of the first plan."""

import threading
from functools import cache

from backend.common.machine_code import DONE, bring_machine_code
from logistics.domain.compiled import Compiled
from logistics.domain.feasibility import candidates
from logistics.domain.problem import Handling, Matrix, Problem, Shipment, TimeWindow, Vehicle
from logistics.domain.solver.construct import construct
from logistics.domain.solver.kernel import building
from logistics.domain.solver.kernel.compiling import CACHED, FOLDER, HERE, IS_AVAILABLE
from logistics.domain.solver.kernel.lanes import Budget, Lane

_warmed = threading.Event()
_one_at_a_time = threading.Lock()


def bring() -> None:
    """Use what came with the sources, where they cannot be written."""
    bring_machine_code(HERE, FOLDER)


def is_ready() -> bool:
    """Whether the kernel answers at once; loads what is on disk, else begins to make it."""
    if IS_AVAILABLE and not _warmed.is_set():
        if (FOLDER / DONE).exists():
            warm()
        else:
            _in_background()
    return _warmed.is_set()


def warm() -> None:
    """Compile or load every function; about half a minute the first time, then a second."""
    with _one_at_a_time:
        if _warmed.is_set():
            return
        _use_everything()
        if CACHED:
            (FOLDER / DONE).touch()
        _warmed.set()


@cache
def _in_background() -> threading.Thread:
    thread = threading.Thread(target=warm, name="warm routing kernel", daemon=True)
    thread.start()
    return thread


def _use_everything() -> None:
    """Call each function that Python calls, on the smallest problem."""
    compiled = Compiled(_tiny_problem())
    draft = construct(compiled, candidates(compiled), [[] for _ in compiled.cars])
    held = building.fixed(draft)
    facts = building.facts(compiled, draft.able, held)
    plan = building.plan(compiled, facts, held, 0)
    lane = Lane(facts, plan, plan.sequence[:1] * 0)
    lane.fill()
    budget = Budget(2, None, None)
    lane.anneal(budget, 0.5, lambda spent: 1.0)
    lane.shrink(budget, 1.0, 1.0)


def _tiny_problem() -> Problem:
    day = TimeWindow(0, 1000)
    return Problem(
        setup_s=(0, 0),
        matrices=(Matrix("car", ((0, 9), (9, 0)), ((0, 9), (9, 0))),),
        shipments=(Shipment("one", Handling(0, (day,)), Handling(1, (day,)), (1,)),),
        vehicles=(Vehicle("car", 0, 0, (1,), day),),
        dimensions=("load",),
    )
