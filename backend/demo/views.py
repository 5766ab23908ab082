"""Who can be tried out in the demonstration, and signing in as one of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from backend.accounts.models import User
from backend.couriers.models import Courier
from backend.demo.world import ADDRESSES
from backend.organizations.models import Coordinator, Membership
from backend.regions.packs import pack
from backend.web import regional
from backend.web.acting import audiences
from backend.web.navigation import links

SHOWN = 4
BACKEND = "django.contrib.auth.backends.ModelBackend"


@dataclass(frozen=True, slots=True)
class Group:
    """People of one role, with what one can do as them."""

    title: str
    text: str
    people: Sequence[tuple[User, str]]


@require_GET
def accounts(request: HttpRequest) -> HttpResponse:
    """A few people of each role, from different counties."""
    groups = [
        Group(_("Donors"), _("Post what is left over and see where it goes."), _members("donor")),
        Group(
            _("Charities"),
            _("Answer offers, claim from the board, receive."),
            _members("recipient"),
        ),
        Group(_("Drivers"), _("Take a route and hand over stop by stop."), _drivers()),
        Group(
            _("Coordinators"),
            _("See what is uncovered or spoiling in a county."),
            _coordinators(),
        ),
    ]
    return render(request, "demo/accounts.html", {"groups": groups, "region": pack()})


@require_POST
def sign_in(request: HttpRequest) -> HttpResponse:
    """Signs in as one of the demonstration's people, who have no password."""
    try:
        key = UUID(request.POST.get("person", ""))
    except ValueError as error:
        raise Http404 from error
    user = User.objects.filter(pk=key, email__endswith=f"@{ADDRESSES}", is_active=True).first()
    if user is None:
        raise Http404
    login(request, user, backend=BACKEND)
    own = links(audiences(user), request.path)
    return redirect(own[0].url if own else "web:home")


def _spread(pairs: Sequence[tuple[str, User]]) -> list[tuple[User, str]]:
    """At most SHOWN people with their county's name, from as many counties as there are."""
    by_county: dict[str, list[tuple[User, str]]] = {}
    for county, user in pairs:
        by_county.setdefault(county, []).append((user, regional.county(county)))
    rounds = zip(*(users[:SHOWN] for users in by_county.values()), strict=False)
    return [user for each in rounds for user in each][:SHOWN]


def _members(role: str) -> list[tuple[User, str]]:
    held = Membership.objects.current().filter(**{f"organization__is_{role}": True})
    rows = held.select_related("user", "organization").order_by("pk")
    return _spread([(row.organization.county_code, row.user) for row in rows[:200]])


def _drivers() -> list[tuple[User, str]]:
    rows = Courier.objects.select_related("user").order_by("pk")
    return _spread([(row.county_code, row.user) for row in rows[:200]])


def _coordinators() -> list[tuple[User, str]]:
    rows = Coordinator.objects.filter(ended_at__isnull=True).select_related("user").order_by("pk")
    return [(row.user, regional.county(row.county_code)) for row in rows[: SHOWN + 1]]
