"""Input and output of accounts, sign-ins and keys."""

from typing import Any

from django.conf import settings
from rest_framework import serializers

from backend.accounts.domain.scopes import Scope
from backend.accounts.models import ApiKey, User
from backend.common.rest.serializers import InputSerializer

LONGEST_PASSWORD = 200


class RegistrationInput(InputSerializer):
    """Who wants an account."""

    email = serializers.EmailField(max_length=254)
    password = serializers.CharField(max_length=LONGEST_PASSWORD, trim_whitespace=False)
    name = serializers.CharField(max_length=80, required=False, allow_blank=True)
    language = serializers.ChoiceField(choices=settings.LANGUAGES, required=False)


class RegistrationReceived(serializers.Serializer[Any]):
    """Says the same whether or not there was an account with the address."""

    email = serializers.EmailField()
    email_must_be_confirmed = serializers.BooleanField(
        help_text="Whether one can sign in only after opening the link in our mail."
    )


class SignInInput(InputSerializer):
    """What a person signs in with."""

    email = serializers.EmailField(max_length=254)
    password = serializers.CharField(max_length=LONGEST_PASSWORD, trim_whitespace=False)
    code = serializers.CharField(
        max_length=20, required=False, help_text="Of the second factor, for those who have one."
    )


class TokenView(serializers.Serializer[Any]):
    """A token, seen once: send it as `Authorization: Bearer <token>`."""

    token = serializers.CharField()
    expires_at = serializers.DateTimeField(source="key.expiry")


class MeView(serializers.ModelSerializer[User]):
    """The person who asks."""

    class Meta:
        model = User
        fields = ["id", "email", "name", "phone", "language", "joined_at", "is_staff"]


class MachineView(serializers.Serializer[Any]):
    """The machine that asks: nothing personal of its owner."""

    id = serializers.UUIDField(source="user_id")
    scopes = serializers.ListField(child=serializers.CharField())
    organization_id = serializers.UUIDField(allow_null=True)


class MeInput(InputSerializer):
    """What people change about themselves."""

    name = serializers.CharField(max_length=80, required=False, allow_blank=True)
    phone = serializers.RegexField(
        r"^[0-9+()# .-]*$", max_length=30, required=False, allow_blank=True
    )
    language = serializers.ChoiceField(choices=settings.LANGUAGES, required=False)


class KeyInput(InputSerializer):
    """What a key is for and what it may do."""

    label = serializers.CharField(max_length=80)  # type: ignore[assignment]
    scopes = serializers.ListField(
        child=serializers.ChoiceField(choices=[scope.value for scope in Scope]),
        min_length=1,
        max_length=len(Scope),
    )
    organization_id = serializers.UUIDField(required=False, allow_null=True)
    expires_in_days = serializers.IntegerField(min_value=1, max_value=366, default=365)


class KeyView(serializers.ModelSerializer[ApiKey]):
    """A key without its secret."""

    id = serializers.UUIDField(source="public_id")
    starts_with = serializers.CharField(source="token_key")
    expires_at = serializers.DateTimeField(source="expiry")
    issued_at = serializers.DateTimeField(source="created")

    class Meta:
        model = ApiKey
        fields = [
            "id",
            "label",
            "starts_with",
            "scopes",
            "organization_id",
            "issued_at",
            "expires_at",
        ]


class IssuedKeyView(serializers.Serializer[Any]):
    """A new key with its token, which nobody can read again."""

    key = KeyView()
    token = serializers.CharField()
