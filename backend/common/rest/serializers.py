"""Input of REST views: parsed into plain values, with everything unexpected refused."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail


class Wanted(dict[str, Any]):
    """Validated input, readable as `wanted.mass_g`; a field that was not sent is absent."""

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError as error:
            raise AttributeError(name) from error


class InputSerializer(serializers.Serializer[Any]):
    """Describes the input of one command. Refuses fields that it does not know, at every depth.

    A subclass may set `into` to a dataclass that `parse` makes of the values.
    """

    into: type | None = None

    @classmethod
    def parse(cls, data: Any, *, partial: bool = False, **context: Any) -> Any:
        """The validated input: a `Wanted`, or `into`. Raises ValidationError (400)."""
        wanted = cls(data=data, partial=partial, context=context)
        wanted.is_valid(raise_exception=True)
        values = Wanted(wanted.validated_data)
        return cls.into(**values) if cls.into else values

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            self._refuse_unknown(data)
        return super().to_internal_value(data)

    def _refuse_unknown(self, data: Mapping[str, Any]) -> None:
        writable = {name for name, field in self.fields.items() if not field.read_only}
        unknown = sorted(str(name) for name in set(data) - writable - {"csrfmiddlewaretoken"})
        if unknown:
            message = _("There is no such field.")
            raise serializers.ValidationError(
                {name: [ErrorDetail(message, "unknown_field")] for name in unknown}
            )


class PageQuery(InputSerializer):
    """Which page of a list; CursorPages checks the values."""

    cursor = serializers.CharField(required=False, max_length=500)
    page_size = serializers.CharField(required=False, max_length=9)


def parse_query(serializer: type[InputSerializer], params: Mapping[str, Any]) -> Any:
    """The validated query string of a view whose filters an InputSerializer describes."""
    return serializer.parse({name: params[name] for name in params})
