"""Whom a REST view lets in at all; what they may do there is asked by actions and selectors."""

from typing import TYPE_CHECKING

from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

if TYPE_CHECKING:
    # That module reads the settings that name this one.
    from rest_framework.views import APIView


class SignedIn(BasePermission):
    """People and machines that said who they are."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        return bool(request.user and request.user.is_authenticated)


class Public(BasePermission):
    """Everybody: registration, the public board, open data."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        return True


class ReadByAll(SignedIn):
    """Everybody reads, those who signed in change."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        return request.method in SAFE_METHODS or super().has_permission(request, view)
