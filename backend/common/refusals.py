"""Named, expected errors: what is told when a command cannot be carried out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one field of the input; `code` is stable, `message` is in the reader's
    language.
    """

    code: str
    message: Text


class Refusal(Exception):
    """A command was refused and changed nothing.

    Subclasses set `code` (stable, snake_case, part of the API), `status` (the HTTP status it maps
    to) and
    `message` (translatable, with %(name)s places filled from the keyword arguments).
    `fields` points at input.
    """

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 409
    message: ClassVar[Text] = _("This cannot be done now.")

    def __init__(
        self, *, fields: Mapping[str, Sequence[FieldError]] | None = None, **facts: Any
    ) -> None:
        self.facts = facts
        self.fields = dict(fields or {})
        super().__init__(self.code, facts)

    @property
    def detail(self) -> str:
        """The message in the active language with its facts filled in."""
        text = str(self.message)
        return text % self.facts if self.facts else text

    def __str__(self) -> str:
        return f"{self.code}: {self.detail}"


class NotAllowed(Refusal):
    """The actor may see this but may not do it."""

    code = "not_allowed"
    status = 403
    message = _("You are not allowed to do this.")


class NotFound(Refusal):
    """There is nothing here that the actor may see; existence does not leak."""

    code = "not_found"
    status = 404
    message = _("This does not exist, or it is not yours to see.")


class Invalid(Refusal):
    """The input is wrong; `fields` says where and why."""

    code = "invalid"
    status = 400
    message = _("Please check the fields marked below. Nothing was changed.")

    @classmethod
    def field(cls, name: str, code: str, message: Text) -> "Invalid":
        return cls(fields={name: [FieldError(code, message)]})


class IllegalTransition(Refusal):
    """The thing has moved on: its life cycle has no such step from where it is."""

    code = "illegal_transition"
    message = _("This has already changed (%(here)s), so that step is no longer possible.")

    def __init__(self, here: str, there: str) -> None:
        super().__init__(here=here, there=there)


class Stale(Refusal):
    """Somebody changed this since the actor read it."""

    code = "stale"
    status = 412
    message = _("Somebody changed this in the meantime. Please look at it again.")
