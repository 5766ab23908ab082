"""How actions take, check and store the one row that they change, and who hears of it."""

from collections.abc import Mapping
from typing import Any, TypeVar
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import models

from backend.common.models import Versioned
from backend.common.refusals import FieldError, Invalid, NotFound, Stale
from backend.events import audiences
from backend.organizations.models import Location, Organization

M = TypeVar("M", bound=models.Model)


def locked(model: type[M], pk: UUID, *related: str) -> M:
    """The row, locked until the transaction ends and read after that; NotFound when there is none.

    Related rows named are read with it but not locked.
    """
    rows: models.QuerySet[M] = model._default_manager.select_for_update(of=("self",))
    row = rows.select_related(*related).filter(pk=pk).first()
    if row is None:
        raise NotFound()
    return row


def refuse_if_stale(row: Versioned, version: int | None) -> None:
    """Raises Stale when the actor saw another version than there is; None asks for no check."""
    if version is not None and row.version != version:
        raise Stale()


def refuse_unless_clean(row: models.Model) -> None:
    """Raises Invalid naming each field that its column would not hold."""
    try:
        row.clean_fields(exclude={each.name for each in row._meta.fields if each.is_relation})
    except ValidationError as error:
        raise Invalid(
            fields={
                field: [
                    FieldError(each.code or "invalid", " ".join(each.messages)) for each in all_
                ]
                for field, all_ in error.error_dict.items()
            }
        ) from error


def store_changes(row: Versioned, changes: Mapping[str, Any]) -> list[str]:
    """Sets what differs, one version higher; the names of those fields, none when nothing did."""
    changed = [name for name, value in changes.items() if getattr(row, name) != value]
    if not changed:
        return []
    for name in changed:
        setattr(row, name, changes[name])
    row.version += 1
    refuse_unless_clean(row)
    row.save(update_fields=[*changed, "version"])
    return changed


def hearing(thing: Organization | Location) -> list[str]:
    """Who hears of a change: the organization's members and the coordinators of the county."""
    owner = thing.pk if isinstance(thing, Organization) else thing.organization_id
    return [audiences.organization(owner), audiences.county(thing.county_code)]
