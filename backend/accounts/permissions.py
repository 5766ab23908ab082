"""Who may do what with people and keys."""

from uuid import UUID

import rules

from backend.accounts.models import ApiKey, User
from backend.common.actor import Actor, ActorKind


def is_self(actor: Actor, user: User) -> bool:
    return actor.user_id == user.pk


def may_deactivate(actor: Actor, user: User) -> bool:
    """Everybody may leave; the back office may close anybody's account."""
    return is_self(actor, user) or (actor.kind is ActorKind.PERSON and actor.is_staff)


def signs_in_as_person(actor: Actor, _: object = None) -> bool:
    """A person who signed in, not a machine's narrowed key: keys never make or revoke keys."""
    return actor.user_id is not None and actor.scopes is None and actor.organization_id is None


def owns_key(actor: Actor, key: ApiKey) -> bool:
    return signs_in_as_person(actor) and key.user_id == actor.user_id


def runs_back_office(actor: Actor, _: UUID | User | None = None) -> bool:
    return actor.kind is ActorKind.PERSON and actor.is_staff


rules.add_rule("accounts.change_self", is_self)
rules.add_rule("accounts.deactivate", may_deactivate)
rules.add_rule("accounts.reactivate", runs_back_office)
rules.add_rule("accounts.issue_key", signs_in_as_person)
rules.add_rule("accounts.revoke_key", owns_key)
