"""Carries out a repeated request only once: `Idempotency-Key` on POST."""

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from backend.common import clock
from backend.common.models import IdempotencyKey
from backend.common.refusals import Invalid, Refusal
from backend.common.rest.acting import actor_or_none

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
#: Visible ASCII, as a header can carry it.
KEY = re.compile(r"[\x21-\x7e]{1,200}")
KEPT_FOR = timedelta(hours=48)
KEPT_HEADERS = ("Location", "ETag")
REDIRECTED = 400


class KeyReused(Refusal):
    """The same key came with another request: a mistake of the client."""

    code = "idempotency_key_reused"
    status = 422
    message = _("This idempotency key was already used for a different request.")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a request was answered with; `replayed` when it had been carried out before."""

    status: int
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    replayed: bool = False


@transaction.atomic
def once(
    *, who: str, route: str, key: str, body_hash: str, now: datetime, act: Callable[[], Answer]
) -> Answer:
    """Carries out `act` unless `who` did so before with this key; then gives the first answer.

    The key is written first: whoever repeats it meanwhile waits for this transaction to end. Only
    success is kept; what `act` refuses, by exception or by status, leaves no trace, not even the
    key. Raises KeyReused when the key came with another body before.
    """
    mine = IdempotencyKey(
        actor=who, route=route, key=key, body_hash=body_hash, made_at=now, headers={}
    )
    IdempotencyKey.objects.bulk_create([mine], ignore_conflicts=True)
    kept = IdempotencyKey.objects.get(actor=who, route=route, key=key)
    if kept.pk != mine.pk:
        if kept.body_hash != body_hash:
            raise KeyReused
        return Answer(kept.status, kept.answer, kept.headers, replayed=True)
    answer = act()
    if answer.status >= REDIRECTED:
        transaction.set_rollback(True)
    else:
        IdempotencyKey.objects.filter(pk=mine.pk).update(
            status=answer.status, answer=answer.body, headers=dict(answer.headers)
        )
    return answer


def sweep(*, now: datetime) -> int:
    """Forgets keys older than 48 hours; returns how many."""
    forgotten, _by_model = IdempotencyKey.objects.filter(made_at__lt=now - KEPT_FOR).delete()
    return forgotten


def key_of(request: Request | HttpRequest) -> str:
    """The request's idempotency key, "" for none; raises Invalid when it is malformed."""
    key: str = request.headers.get(HEADER, "")
    if key and not KEY.fullmatch(key):
        raise Invalid.field(HEADER, "malformed", _("1 to 200 visible ASCII characters, please."))
    return key


def body_hash(data: Any) -> str:
    """A hash of parsed input that is the same for the same meaning.

    Of forms (whose boundary differs each time) the values count, of files their content.
    """
    return hashlib.sha256(
        json.dumps(_plain(data), sort_keys=True, ensure_ascii=False).encode()
    ).hexdigest()


def requester(request: Request | HttpRequest) -> str:
    """Under whose name keys are kept; strangers are told apart by address.

    What a machine did for one organization of its person is no answer for another.
    """
    actor = actor_or_none(request)
    if actor is not None:
        bound_to = f":{actor.organization_id.hex}" if actor.organization_id else ""
        return f"{actor.kind.value}:{actor.pseudonym}{bound_to}"
    address = str(request.META.get("REMOTE_ADDR", ""))
    return f"anonymous:{hashlib.sha256(address.encode()).hexdigest()[:32]}"


class IdempotentPost:
    """Mixin, left of the view's class: its `post` is carried out once per idempotency key."""

    post: Callable[..., Response]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)  # type: ignore[misc]
        key = key_of(request) if request.method == "POST" else ""
        if key:
            # The dispatcher looks the method up after this.
            self.post = partial(self._post_once, self.post, key)

    def _post_once(
        self, post: Callable[..., Response], key: str, request: Request, *args: Any, **kwargs: Any
    ) -> Response:
        responses: list[Response] = []

        def act() -> Answer:
            response = post(request, *args, **kwargs)
            responses.append(response)
            body = JSONRenderer().render(response.data).decode()
            kept = {name: response[name] for name in KEPT_HEADERS if response.has_header(name)}
            return Answer(response.status_code, body, kept)

        answer = once(
            who=requester(request),
            route=request.path,
            key=key,
            body_hash=body_hash(request.data),
            now=clock.now(),
            act=act,
        )
        return responses[0] if responses else _replay(answer)


def _replay(answer: Answer) -> Response:
    data = json.loads(answer.body) if answer.body else None
    return Response(data, status=answer.status, headers={**answer.headers, REPLAYED: "true"})


def _plain(data: Any) -> Any:
    if isinstance(data, QueryDict):
        return {name: [_plain(one) for one in data.getlist(name)] for name in data}
    if isinstance(data, UploadedFile):
        digest = hashlib.sha256()
        for chunk in data.chunks():
            digest.update(chunk)
        data.seek(0)
        return digest.hexdigest()
    return data
