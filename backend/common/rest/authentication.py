"""How REST requests say who they come from: a session's cookie or a key's header."""

from knox.auth import TokenAuthentication
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request


class KeyAuthentication(TokenAuthentication):
    """`Authorization: Bearer <key>`; a malformed key is a wrong one, whatever its bytes are."""

    def authenticate_credentials(self, token: bytes) -> tuple[object, object]:
        if not token.isascii():
            raise AuthenticationFailed
        found: tuple[object, object] = super().authenticate_credentials(token)
        return found


class CookieAuthentication(SessionAuthentication):
    """The browser's session, with CSRF protection; says so in answers 401."""

    def authenticate_header(self, request: Request) -> str:
        return "Session"
