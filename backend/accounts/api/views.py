"""Accounts, sign-ins and keys over REST."""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.accounts.actions.change_language import change_language
from backend.accounts.actions.change_person import change_person
from backend.accounts.actions.deactivate_person import deactivate_person
from backend.accounts.actions.issue_api_key import issue_api_key
from backend.accounts.actions.issue_sign_in_token import issue_sign_in_token
from backend.accounts.actions.note_repeated_registration import note_repeated_registration
from backend.accounts.actions.register_person import AddressTaken, register_person
from backend.accounts.actions.revoke_api_key import revoke_api_key
from backend.accounts.api import serializers
from backend.accounts.api.signing_in import checked_person
from backend.accounts.models import ApiKey, User
from backend.accounts.selectors import keys_of, own_account
from backend.common import clock
from backend.common.refusals import FieldError, Invalid
from backend.common.rest.acting import actor
from backend.common.rest.filters import StrictFilters
from backend.common.rest.pagination import CursorPages
from backend.common.rest.permissions import Public

NO_STORE = {"Cache-Control": "no-store"}
#: A person, or the machine that a bound key stands for.
ME = PolymorphicProxySerializer(
    component_name="Me",
    serializers=[serializers.MeView, serializers.MachineView],
    resource_type_field_name=None,
)


class Registrations(APIView):
    """Making an account. Sent twice it answers the same; no key is kept, since that would keep a
    digest of the password.
    """

    permission_classes = [Public]

    @extend_schema(
        request=serializers.RegistrationInput, responses={202: serializers.RegistrationReceived}
    )
    def post(self, request: Request) -> Response:
        """Makes an account, or answers just the same when there is one with this address.

        Its owner then gets a mail. Wherever confirming is optional (a trial on one machine), one
        can sign in at once.
        """
        wanted = serializers.RegistrationInput.parse(request.data)
        user = User(
            email=User.objects.normalize_email(wanted.email),
            name=wanted.get("name", ""),
            language=wanted.get("language", settings.LANGUAGE_CODE),
        )
        _refuse_weak(wanted.password, user)
        user.set_password(wanted.password)
        _register(user)
        must = settings.ACCOUNT_EMAIL_VERIFICATION == "mandatory"
        received = {"email": wanted.email, "email_must_be_confirmed": must}
        return Response(serializers.RegistrationReceived(received).data, status=202)


class Sessions(APIView):
    """Signing in without a browser. A repeated call makes another token, so no key is kept."""

    permission_classes = [Public]
    authentication_classes = []

    @extend_schema(request=serializers.SignInInput, responses={201: serializers.TokenView})
    def post(self, request: Request) -> Response:
        """A token for e-mail and password; five failures lock account and address for 15 minutes.

        Refused with `second_factor_required` when a code is missing, and with
        `email_not_confirmed` where that is asked for.
        """
        wanted = serializers.SignInInput.parse(request.data)
        user = checked_person(
            request._request,
            email=wanted.email,
            password=wanted.password,
            code=wanted.get("code", ""),
        )
        issued = issue_sign_in_token(user=user, now=clock.now())
        return Response(serializers.TokenView(issued).data, status=201, headers=NO_STORE)


class CurrentSession(APIView):
    """The token that the request comes with."""

    @extend_schema(request=None, responses={204: None})
    def delete(self, request: Request) -> Response:
        """Ends the sign-in of this token; 404 for a browser's session, which has its own page."""
        key = request.auth
        key_id = key.public_id if isinstance(key, ApiKey) else UUID(int=0)
        revoke_api_key(key_id=key_id, by=actor(request), now=clock.now())
        return Response(status=204)


class Me(APIView):
    """The one who asks."""

    @extend_schema(responses={200: ME})
    def get(self, request: Request) -> Response:
        """Who I am; a machine's key learns only whose it is and what it may do."""
        by = actor(request)
        if by.scopes is not None:
            return Response(serializers.MachineView(by).data)
        return Response(serializers.MeView(own_account(by)).data)

    @extend_schema(request=serializers.MeInput, responses={200: serializers.MeView})
    def patch(self, request: Request) -> Response:
        """Changes name, phone or language."""
        by, now = actor(request), clock.now()
        wanted = serializers.MeInput.parse(request.data, partial=True)
        assert by.user_id is not None, "people and keys have one"  # noqa: S101
        told = {name: wanted[name] for name in ("name", "phone") if name in wanted}
        user = change_person(user_id=by.user_id, changes=told, by=by, now=now)
        if "language" in wanted:
            user = change_language(user_id=by.user_id, language=wanted.language, by=by, now=now)
        return Response(serializers.MeView(user).data)


class Deactivation(APIView):
    """Leaving."""

    @extend_schema(request=None, responses={204: None})
    def post(self, request: Request) -> Response:
        """Closes the account of the one who asks: every session, token and key ends at once."""
        by = actor(request)
        assert by.user_id is not None, "people and keys have one"  # noqa: S101
        deactivate_person(user_id=by.user_id, reason="left", by=by, now=clock.now())
        return Response(status=204)


class ApiKeys(ListAPIView[ApiKey]):
    """Keys of the person's machines. Not idempotent by key: the token is shown once, never kept."""

    queryset = ApiKey.objects.none()
    serializer_class = serializers.KeyView
    filter_backends = [StrictFilters]

    class Pages(CursorPages):
        ordering = "-public_id"

    pagination_class = Pages

    def get_queryset(self) -> QuerySet[ApiKey]:
        return keys_of(actor(self.request))

    @extend_schema(request=serializers.KeyInput, responses={201: serializers.IssuedKeyView})
    def post(self, request: Request) -> Response:
        """A new key, narrowed to scopes and, if given, to one organization that you manage."""
        wanted = serializers.KeyInput.parse(request.data)
        issued = issue_api_key(
            label=wanted.label,
            scopes=wanted.scopes,
            life=timedelta(days=wanted.expires_in_days),
            organization_id=wanted.get("organization_id"),
            by=actor(request),
            now=clock.now(),
        )
        return Response(serializers.IssuedKeyView(issued).data, status=201, headers=NO_STORE)


class ApiKeyItem(APIView):
    """One key."""

    @extend_schema(request=None, responses={204: None})
    def delete(self, request: Request, key_id: UUID) -> Response:
        """Revokes the key; the next request with it is refused."""
        revoke_api_key(key_id=key_id, by=actor(request), now=clock.now())
        return Response(status=204)


def _refuse_weak(password: str, user: User) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        found = [
            FieldError(each.code or "invalid", " ".join(each.messages)) for each in error.error_list
        ]
        raise Invalid(fields={"password": found}) from error


def _register(user: User) -> None:
    known = User.objects.filter(email__iexact=user.email).first()
    if known is None:
        try:
            register_person(user=user, via="api", now=clock.now())
        except AddressTaken:  # by somebody just now
            known = User.objects.get(email__iexact=user.email)
    if known is not None:
        note_repeated_registration(user=known, now=clock.now())
