"""How the API's description names the ways to sign in."""

from drf_spectacular.extensions import OpenApiAuthenticationExtension


class Cookie(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """The browser's session; changes also need the CSRF header."""

    target_class = "backend.common.rest.authentication.CookieAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "apiKey", "in": "cookie", "name": "foodrelay_session"}


class Key(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """An API key, for programs."""

    target_class = "backend.common.rest.authentication.KeyAuthentication"
    name = "key"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}
