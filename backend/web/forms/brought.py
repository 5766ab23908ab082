"""The form on which a donor records that they brought food to a charity."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from backend.custody.domain.replay import Remainder
from backend.web.forms.charity import ReceiveForm
from backend.web.forms.fields import code_field, one_of
from backend.web.forms.stop_hand_over import NOBODY

REMAINDERS = [
    (Remainder.LEFT_BEHIND, _("It is still with us; others may have it")),
    (Remainder.NEVER_THERE, _("There was less than promised")),
    (Remainder.COMES_LATER, _("We bring it later")),
]


class BroughtForm(ReceiveForm):
    """What the charity weighed and took, with its code or the name of who took it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, asks_code=False, **kwargs)
        self.fields["code"] = code_field()
        self.fields["signer_name"].label = _("Who took it?")
        self.fields["remainder"] = one_of(
            REMAINDERS, label=_("If it was less: where is the rest?"), required=False
        )

    def clean(self) -> dict[str, Any]:
        found = super().clean()
        if "code" not in self.errors and not (found.get("code") or found.get("signer_name")):
            self.add_error("code", NOBODY)
        return found
