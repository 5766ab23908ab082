"""For which of their organizations a person acts on a page: the one they chose, else the first."""

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest

from backend.common.refusals import NotFound
from backend.organizations.models import Organization
from backend.organizations.selectors import organizations_of
from backend.web.acting import Audience, actor

SESSION_KEY = "organization"


@dataclass(frozen=True, slots=True)
class Acting:
    """The organization that a page is about, and all that the person could choose instead."""

    organization: Organization
    choices: tuple[Organization, ...]


def acting_as(request: HttpRequest, audience: Audience) -> Acting:
    """The chosen organization among the person's donors or charities; NotFound without any."""
    mine = organizations_of(actor(request)).order_by("name", "pk")
    rows = (
        mine.filter(is_donor=True) if audience is Audience.DONOR else mine.filter(is_recipient=True)
    )
    choices = tuple(rows)
    if not choices:
        raise NotFound()
    wanted = request.session.get(SESSION_KEY)
    chosen = next((each for each in choices if str(each.pk) == wanted), choices[0])
    return Acting(chosen, choices)


def choose(request: HttpRequest, organization_id: UUID) -> Organization:
    """Remembers for this session whom the person acts for; NotFound unless it is theirs."""
    organization = organizations_of(actor(request)).filter(pk=organization_id).first()
    if organization is None:
        raise NotFound()
    request.session[SESSION_KEY] = str(organization.pk)
    return organization
