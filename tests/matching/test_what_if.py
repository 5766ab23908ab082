"""A coordinator tries a round, compares it with what is, and makes it real."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from rest_framework.test import APIClient

from backend.common.actor import Actor
from backend.common.clock import SteppedClock
from backend.common.refusals import IllegalTransition, Invalid, NotAllowed, NotFound
from backend.events.models import Event
from backend.events.relay import drain
from backend.geo.domain.points import Point
from backend.listings.models import Lot
from backend.organizations.models import Programme
from matching import tasks
from matching.actions.ask_what_if import ask_what_if
from matching.actions.commit_what_if import TrialTooOld, commit_what_if
from matching.domain.what_if import Changes, Room
from matching.models import Offer, Round, RoundStatus, RoundTrigger
from matching.selectors.rerun import differences
from matching.selectors.rounds import round_detail
from matching.solver_process import Answer, SolveFailed
from matching.tasks import solve_committed, solve_what_if
from tests.builders.accounts import actor_of
from tests.builders.claims import make_claim
from tests.builders.listings import make_lot
from tests.builders.needs import make_taker
from tests.builders.organizations import make_coordinator, make_location, make_recipient
from tests.builders.racing import race
from tests.builders.rest import API, client_of
from tests.matching.balanced import assert_all_balanced

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stepped_clock")]

Capture = Callable[..., AbstractContextManager[list[Callable[[], Any]]]]
FAR = Point(121.60, 25.05)
HALF_AN_HOUR = timedelta(minutes=30)


@pytest.fixture
def lot(now: datetime) -> Lot:
    return make_lot(now=now, step_g=10_000)


@pytest.fixture
def near(lot: Lot) -> Programme:
    return make_taker()


@pytest.fixture
def far(near: Programme) -> Programme:
    return make_taker(make_location(make_recipient(), point=FAR))


@pytest.fixture
def coordinator() -> Actor:
    return actor_of(make_coordinator())


def tried(changes: Changes, by: Actor, now: datetime) -> Round:
    asked = ask_what_if(area="main", pickup_date=None, changes=changes, by=by, now=now)
    solve_what_if(round_id=str(asked.pk))
    asked.refresh_from_db()
    return asked


def closing(programme: Programme) -> Changes:
    return Changes(closed=(str(programme.location_id),))


def test_a_trial_compares_and_offers_nothing(
    near: Programme, far: Programme, coordinator: Actor, now: datetime
) -> None:
    trial = tried(closing(near), coordinator, now)
    assert (trial.status, trial.trigger) == (RoundStatus.TRIED, RoundTrigger.WHAT_IF)
    assert not Offer.objects.exists()
    assert trial.unassigned == {}, "what only might stay is nobody's reason"
    detail = round_detail(coordinator, trial.pk)
    assert detail is not None
    told = detail.trial
    assert told is not None
    assert told.before.assigned_g == told.after.assigned_g == 10_000
    assert told.before.driven_m < told.after.driven_m
    gains = {each.programme: each.more_g for each in told.shifts}
    assert gains == {near: -10_000, far: 10_000}
    assert Event.objects.filter(type="round.tried", subject_id=trial.pk).count() == 1


def test_programmes_of_other_counties_are_a_sum_without_names(
    near: Programme, coordinator: Actor, now: datetime
) -> None:
    elsewhere = make_taker(make_location(make_recipient(), county_code="65000", point=FAR))
    trial = tried(closing(near), coordinator, now)
    detail = round_detail(coordinator, trial.pk)
    assert detail is not None
    assert detail.trial is not None
    assert [each.programme for each in detail.trial.shifts] == [near]
    assert detail.trial.others_g == 10_000
    assert elsewhere.name


def test_committed_it_offers_what_was_seen(
    near: Programme, far: Programme, coordinator: Actor, now: datetime, stepped_clock: SteppedClock
) -> None:
    trial = tried(closing(near), coordinator, now)
    later = now + timedelta(minutes=10)
    stepped_clock.move_to(later)
    commit_what_if(round_id=trial.pk, by=coordinator, now=later)
    solve_committed(round_id=str(trial.pk))
    trial.refresh_from_db()
    assert (trial.status, trial.proposals_made) == (RoundStatus.APPLIED, 1)
    offer = Offer.objects.get()
    assert offer.programme == far
    assert offer.answer_by_at == later + HALF_AN_HOUR
    assert list(differences(trial)) == []
    heard = Event.objects.get(type="round.applied").audience_rows
    assert heard.filter(audience="county:65000").exists(), "whoever committed it may be there"
    assert_all_balanced()


def test_what_is_no_longer_true_when_committed_is_dropped_and_counted(
    lot: Lot, near: Programme, far: Programme, coordinator: Actor, now: datetime
) -> None:
    trial = tried(closing(near), coordinator, now)
    make_claim(lot, 10_000, programme=near, now=now)
    commit_what_if(round_id=trial.pk, by=coordinator, now=now)
    solve_committed(round_id=str(trial.pk))
    trial.refresh_from_db()
    assert (trial.proposals_made, trial.proposals_dropped) == (0, 1)
    assert not Offer.objects.exists()


def test_room_that_only_the_trial_had_is_not_offered(
    lot: Lot, coordinator: Actor, now: datetime
) -> None:
    small = make_taker(room_g=5_000)
    room = Room(str(small.location_id), "ambient", 50_000)
    trial = tried(Changes(room=(room,)), coordinator, now)
    detail = round_detail(coordinator, trial.pk)
    assert detail is not None
    assert detail.trial is not None
    assert detail.trial.after.assigned_g > detail.trial.before.assigned_g == 0
    commit_what_if(round_id=trial.pk, by=coordinator, now=now)
    solve_committed(round_id=str(trial.pk))
    trial.refresh_from_db()
    assert (trial.proposals_made, trial.proposals_dropped) == (0, 1)


def test_asking_and_committing_put_work_in_line_by_their_events(
    near: Programme,
    coordinator: Actor,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Capture,
) -> None:
    begun: list[tuple[str, str]] = []
    for task in (solve_what_if, solve_committed):
        monkeypatch.setattr(
            task, "delay", lambda round_id, name=task.name: begun.append((name, round_id))
        )
    changes = closing(near)
    asked = ask_what_if(area="main", pickup_date=None, changes=changes, by=coordinator, now=now)
    with django_capture_on_commit_callbacks(execute=True):
        drain(now=now)
    solve_what_if(round_id=str(asked.pk))
    solve_what_if(round_id=str(asked.pk))
    assert Event.objects.filter(type="round.tried").count() == 1
    commit_what_if(round_id=asked.pk, by=coordinator, now=now)
    with django_capture_on_commit_callbacks(execute=True):
        drain(now=now)
    names = ["matching.tasks.solve_what_if", "matching.tasks.solve_committed"]
    assert begun == [(name, str(asked.pk)) for name in names]


class TestRefusals:
    def test_nothing_changed_is_no_trial(self, coordinator: Actor, now: datetime) -> None:
        with pytest.raises(Invalid):
            ask_what_if(area="main", pickup_date=None, changes=Changes(), by=coordinator, now=now)
        assert not Round.objects.exists()

    def test_only_those_who_watch_over_the_roads_may_try_and_commit(
        self, near: Programme, coordinator: Actor, now: datetime
    ) -> None:
        outsider = actor_of(make_coordinator("10016"))
        changes = closing(near)
        with pytest.raises(NotAllowed):
            ask_what_if(area="main", pickup_date=None, changes=changes, by=outsider, now=now)
        trial = tried(changes, coordinator, now)
        with pytest.raises(NotAllowed):
            commit_what_if(round_id=trial.pk, by=outsider, now=now)

    def test_a_trial_is_committed_once(
        self, near: Programme, far: Programme, coordinator: Actor, now: datetime
    ) -> None:
        trial = tried(closing(near), coordinator, now)
        commit_what_if(round_id=trial.pk, by=coordinator, now=now)
        with pytest.raises(IllegalTransition):
            commit_what_if(round_id=trial.pk, by=coordinator, now=now)

    def test_an_old_one_is_tried_anew(
        self, near: Programme, coordinator: Actor, now: datetime
    ) -> None:
        trial = tried(closing(near), coordinator, now)
        late = now + HALF_AN_HOUR + timedelta(seconds=1)
        with pytest.raises(TrialTooOld):
            commit_what_if(round_id=trial.pk, by=coordinator, now=late)

    def test_an_ordinary_round_is_no_trial(self, coordinator: Actor, now: datetime) -> None:
        with pytest.raises(NotFound):
            commit_what_if(round_id=uuid4(), by=coordinator, now=now)


def test_a_solver_that_dies_fails_the_trial(
    near: Programme, coordinator: Actor, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dead(*_: object, **__: object) -> Answer:
        raise SolveFailed("SolverDied")

    monkeypatch.setattr(tasks, "solve", dead)
    trial = tried(closing(near), coordinator, now)
    assert (trial.status, trial.checker_violations) == (RoundStatus.FAILED, ["SolverDied"])
    with pytest.raises(IllegalTransition):
        commit_what_if(round_id=trial.pk, by=coordinator, now=now)


def test_what_nobody_expected_closes_the_trial_and_is_raised(
    near: Programme, coordinator: Actor, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> Answer:
        raise ZeroDivisionError

    monkeypatch.setattr(tasks, "solve", broken)
    with pytest.raises(ZeroDivisionError):
        tried(closing(near), coordinator, now)
    assert Round.objects.get().checker_violations == ["crashed:ZeroDivisionError"]


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_of_two_who_commit_one_does(
    near: Programme, far: Programme, coordinator: Actor, now: datetime
) -> None:
    trial = tried(closing(near), coordinator, now)
    results = race(
        *[lambda: commit_what_if(round_id=trial.pk, by=coordinator, now=now) for _ in range(3)]
    )
    assert sum(isinstance(each, Round) for each in results) == 1, results
    assert sum(isinstance(each, IllegalTransition) for each in results) == 2, results
    assert Event.objects.filter(type="round.committed").count() == 1


class TestOverRest:
    @pytest.fixture
    def client(self) -> APIClient:
        return client_of(make_coordinator())

    def ask(self, client: APIClient, **wanted: Any) -> Any:
        sent = {"area": "main"} | wanted
        return client.post(f"{API}/rounds/what-if", sent, format="json")

    def test_ask_look_commit(
        self, client: APIClient, near: Programme, far: Programme, now: datetime
    ) -> None:
        answer = self.ask(client, closed=[str(near.location_id)], weights={"km": 0.2})
        assert answer.status_code == 202, answer.json()
        asked = answer.json()
        assert (asked["status"], asked["trigger"]) == ("running", "what_if")
        url = f"{API}/rounds/{asked['id']}"
        assert client.get(url).json()["trial"] is None
        solve_what_if(round_id=asked["id"])
        trial = client.get(url).json()["trial"]
        assert trial["changes"]["weights"] == {"km": 0.2}
        assert trial["before"]["driven_m"] < trial["after"]["driven_m"]
        names = {each["programme_name"] for each in trial["shifts"]}
        assert names == {near.name, far.name}
        assert client.post(f"{url}/commit").json()["status"] == "running"
        again = client.post(f"{url}/commit")
        assert (again.status_code, again.json()["code"]) == (409, "illegal_transition")

    @pytest.mark.parametrize(
        ("wanted", "field"),
        [
            ({"weights": {"kilometre": 1}}, "weights"),
            ({"weights": {"km": 11}}, "weights"),
            ({"closed": [str(uuid4())]}, "closed"),
            ({"area": "atlantis", "weights": {"km": 1}}, "area"),
            ({}, "changes"),
        ],
    )
    def test_what_cannot_be_tried_names_the_field(
        self, client: APIClient, wanted: dict[str, Any], field: str
    ) -> None:
        answer = self.ask(client, **wanted)
        assert answer.status_code in (400, 422), answer.json()
        assert field in str(answer.json())
        assert not Round.objects.exists()

    def test_places_of_other_counties_cannot_be_tried(self, client: APIClient) -> None:
        elsewhere = make_taker(make_location(make_recipient(), county_code="65000"))
        assert self.ask(client, closed=[str(elsewhere.location_id)]).status_code == 400
