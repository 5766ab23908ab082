"""Makes those who change one route wait for each other."""

from uuid import UUID

from logistics.models import Route


def lock_route(*, route_id: UUID) -> None:
    """Holds the route's row until the transaction ends; what was read before must be read again.

    Locks are taken in one order everywhere: route, claim, lots. Raises
    TransactionManagementError outside a transaction.
    """
    list(Route.objects.select_for_update().filter(pk=route_id).values_list("pk", flat=True))
