"""Two managers who remove each other at the same instant leave one manager."""

import threading
from datetime import datetime
from uuid import UUID

import pytest
from django.db import connection

from backend.accounts.models import User
from backend.common.refusals import Refusal
from backend.organizations.actions.end_membership import end_membership
from backend.organizations.models import Membership
from tests.builders.accounts import actor_of
from tests.builders.organizations import make_member, make_organization


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_two_managers_who_leave_at_once_leave_one_behind(now: datetime) -> None:
    organization = make_organization()
    leaving = [make_member(organization) for _number in range(2)]
    own = {user.pk: Membership.objects.get(user=user).pk for user in leaving}
    outcomes: list[str] = []
    gate = threading.Barrier(2)

    def leave(user: User, membership_id: UUID) -> None:
        gate.wait()
        try:
            end_membership(membership_id=membership_id, by=actor_of(user), now=now)
            outcomes.append("left")
        except Refusal as refusal:
            outcomes.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=leave, args=(user, own[user.pk])) for user in leaving]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["last_manager", "left"]
    assert Membership.objects.current().count() == 1
