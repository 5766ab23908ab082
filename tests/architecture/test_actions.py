"""A command is a file: one verb, one function of its name, one transaction.

Beside the commands a folder of actions holds steps that several of them share; a step runs inside
its caller's transaction.
"""

import ast
from functools import cache

import pytest

from tests.architecture.sources import Function, Source, product

ACTIONS = {
    ".".join(source.path.with_suffix("").parts): source
    for source in product()
    if source.path.parent.name == "actions" and source.path.name != "__init__.py"
}
#: What only a handler may do, after the transaction.
ENQUEUE = {"delay", "apply_async", "send_task"}


def top_functions(source: Source) -> dict[str, Function]:
    return {node.name: node for node in source.tree.body if isinstance(node, Function)}


def keywords(function: Function) -> set[str]:
    return {argument.arg for argument in function.args.kwonlyargs}


@cache
def imported_from_actions(source: Source) -> dict[str, str]:
    """Local names that come from an action's module, with that module."""
    return {
        alias.asname or alias.name: node.module
        for node in ast.walk(source.tree)
        if isinstance(node, ast.ImportFrom) and node.module in ACTIONS
        for alias in node.names
    }


def opens_transaction(source: Source, function: Function) -> bool:
    """Whether it is, or contains, or hands everything to, an atomic block."""
    decorators = [ast.unparse(decorator) for decorator in function.decorator_list]
    blocks = [
        ast.unparse(item.context_expr)
        for node in ast.walk(function)
        if isinstance(node, ast.With)
        for item in node.items
    ]
    if any(text.startswith("transaction.atomic") for text in decorators + blocks):
        return True
    called = {
        node.func.id
        for node in ast.walk(function)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    own, others = top_functions(source), imported_from_actions(source)
    return any(
        (name in own and name != function.name and opens_transaction(source, own[name]))
        or (name in others and _other_opens(others[name], name))
        for name in called
    )


def _other_opens(module: str, name: str) -> bool:
    source = ACTIONS[module]
    function = top_functions(source).get(name)
    return function is not None and opens_transaction(source, function)


def own_function(module: str) -> Function | None:
    return top_functions(ACTIONS[module]).get(ACTIONS[module].path.stem)


COMMANDS = {
    module: function
    for module, source in ACTIONS.items()
    if (function := own_function(module)) and opens_transaction(source, function)
}


def test_there_are_commands() -> None:
    assert COMMANDS


@pytest.mark.parametrize("module", COMMANDS)
def test_a_command_takes_keywords_only_and_is_told_the_instant(module: str) -> None:
    assert not COMMANDS[module].args.args or users(module), "a command takes keywords only"
    assert "now" in keywords(COMMANDS[module]) or not records(module), "it is told the instant"


def records(module: str) -> bool:
    """Whether it writes an event: what only derives rows from facts takes their instants."""
    return "backend.events.record" in imports(ACTIONS[module])


def test_no_action_looks_at_the_clock() -> None:
    assert [
        name for name, source in ACTIONS.items() if "backend.common.clock" in imports(source)
    ] == []


@pytest.mark.parametrize("module", sorted(ACTIONS.keys() - COMMANDS.keys()))
def test_what_opens_no_transaction_is_a_step_of_other_actions(module: str) -> None:
    assert users(module), f"{module} has no atomic function of its name, and no action uses it"


def users(module: str) -> set[str]:
    """The other actions that use this one."""
    return {name for name, source in ACTIONS.items() if module in imports(source)}


def imports(source: Source) -> set[str]:
    """Modules that a file imports, or imports names from."""
    found = set()
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return found


def test_actions_enqueue_nothing() -> None:
    enqueueing = {
        module
        for module, source in ACTIONS.items()
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Attribute) and node.attr in ENQUEUE
    }
    assert enqueueing == set()
