"""Rows that are written once: facts, ledgers and logs."""

from collections.abc import Collection
from typing import Any, ClassVar, NoReturn, TypeVar

from django.db import models

from backend.common.models import Row

M = TypeVar("M", bound=models.Model)


class AppendOnly(Exception):
    """Something tried to change or delete a row that is written once."""


class AppendOnlyQuerySet(models.QuerySet[M]):
    """Reads freely, updates only what the model's DERIVED names, never deletes.

    What the retention rules remove in the end goes through `_raw_delete`.
    """

    def update(self, **values: Any) -> int:
        refused = set(values) - set(getattr(self.model, "DERIVED", ()))
        if refused:
            raise AppendOnly(f"{self.model.__name__}: {', '.join(sorted(refused))}")
        return super().update(**values)

    def delete(self) -> NoReturn:
        raise AppendOnly(self.model.__name__)


class AppendOnlyRow(Row):
    """A row that is written once; the fields that DERIVED names follow from elsewhere and are
    written by `update` of a queryset.
    """

    DERIVED: ClassVar[Collection[str]] = ()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnly(type(self).__name__)
        super().save(*args, **kwargs)

    def delete(self, *_: Any, **__: Any) -> NoReturn:
        raise AppendOnly(type(self).__name__)
