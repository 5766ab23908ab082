"""Asks the apps' rules whether an actor may do something, and refuses when not."""

from typing import Any

import rules

from backend.common.actor import Actor
from backend.common.refusals import NotAllowed


def may(actor: Actor, permission: str, thing: Any = None) -> bool:
    """Whether the rule `permission` (such as "listings.post") allows it; the system itself may do
    everything.
    """
    if actor.is_system:
        return True
    if actor.scopes is not None and permission.split(".", 1)[0] not in actor.scopes:
        return False
    return bool(rules.test_rule(permission, actor, thing))


def require(actor: Actor, permission: str, thing: Any = None) -> None:
    """Raises NotAllowed unless the rule `permission` allows it; KeyError when there is no such
    rule.
    """
    if not may(actor, permission, thing):
        raise NotAllowed()
