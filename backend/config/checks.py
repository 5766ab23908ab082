"""System checks: settings that would hurt in production fail `check --deploy`."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core import checks

#: Below these a secret counts as guessable (Django's own limits, which it only warns about).
SHORTEST_SECRET = 50
FEWEST_SECRET_CHARACTERS = 5
LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1", "[::1]"})
#: Mail backends that deliver to nobody.
SILENT_MAIL = ("console", "dummy", "filebased", "locmem")


@dataclass(frozen=True, slots=True)
class Danger:
    """A combination that must not serve the public; `found` says whether settings have it."""

    id: str
    found: Callable[[Any], bool]
    message: str
    hint: str

    def error(self) -> checks.Error:
        return checks.Error(self.message, hint=self.hint, id=f"foodrelay.{self.id}")


def _weak(secret: str) -> bool:
    return (
        len(secret) < SHORTEST_SECRET
        or len(set(secret)) < FEWEST_SECRET_CHARACTERS
        or secret.startswith(("django-insecure-", "only-for-tests-"))
    )


def _on_sqlite(settings: Any) -> bool:
    return bool(settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"))


def _several_processes(settings: Any) -> bool:
    return not settings.EMBEDDED or settings.WEB_CONCURRENCY > 1


def _layer_in_memory(settings: Any) -> bool:
    return "InMemory" in settings.CHANNEL_LAYERS["default"]["BACKEND"]


def _layer_drops_waiting_sockets(settings: Any) -> bool:
    hosts = settings.CHANNEL_LAYERS["default"].get("CONFIG", {}).get("hosts", [])
    return any(not isinstance(host, dict) or host.get("socket_timeout", 5) for host in hosts)


def _local_hosts_only(settings: Any) -> bool:
    return "*" in settings.ALLOWED_HOSTS or LOCAL_HOSTS.issuperset(settings.ALLOWED_HOSTS)


def _tasks_outlive_their_lease(settings: Any) -> bool:
    lease_s = settings.CELERY_BROKER_TRANSPORT_OPTIONS.get("visibility_timeout")
    return lease_s is not None and lease_s <= settings.CELERY_TASK_TIME_LIMIT


DANGERS = (
    Danger(
        "E001",
        lambda settings: settings.DEBUG,
        "DEBUG is on: errors would show code and settings to everyone.",
        "Unset DEBUG.",
    ),
    Danger(
        "E002",
        lambda settings: _weak(settings.SECRET_KEY),
        "SECRET_KEY is missing or weak: sessions and reset links could be forged.",
        "Set SECRET_KEY_FILE to a file with at least 50 random characters.",
    ),
    Danger(
        "E003",
        lambda settings: _on_sqlite(settings) and _several_processes(settings),
        "SQLite with several processes: writers would wait for and time out on each other.",
        "Set DATABASE_URL to a PostgreSQL database.",
    ),
    Danger(
        "E004",
        lambda settings: _layer_in_memory(settings) and _several_processes(settings),
        "The channel layer is in memory but there are several processes: events would not cross.",
        "Set REDIS_URL.",
    ),
    Danger(
        "E005",
        lambda settings: settings.DEMO,
        "DEMO is on: accounts with a published password, and time that is not real.",
        "Unset DEMO.",
    ),
    Danger(
        "E006",
        lambda settings: not settings.HTTPS,
        "HTTPS is off: passwords, sessions and positions would travel in clear.",
        "Set HTTPS=true, and BEHIND_PROXY=true where a proxy ends TLS.",
    ),
    Danger(
        "E007",
        _local_hosts_only,
        "ALLOWED_HOSTS accepts every host or only this machine.",
        "Set ALLOWED_HOSTS to the public host names.",
    ),
    Danger(
        "E008",
        lambda settings: any(name in settings.EMAIL_BACKEND for name in SILENT_MAIL),
        "Mail is written to a file or nowhere: nobody could reset a password.",
        "Set EMAIL_URL, such as smtp+tls://user:password@host:587.",
    ),
    Danger(
        "E009",
        lambda settings: not settings.PUBLIC_URL.startswith("https://"),
        "PUBLIC_URL is not an https address: links in mail would lead elsewhere.",
        "Set PUBLIC_URL to the address people use.",
    ),
    Danger(
        "E010",
        lambda settings: settings.EMBEDDED,
        "The embedded mode keeps tasks, cache and limits in one process's memory.",
        "Set REDIS_URL and run the processes of docker-compose.yml.",
    ),
    Danger(
        "E011",
        _layer_drops_waiting_sockets,
        "The channel layer's Redis connections have a timeout: waiting sockets would be dropped.",
        "Give each host of CHANNEL_LAYERS socket_timeout None.",
    ),
    Danger(
        "E012",
        _tasks_outlive_their_lease,
        "A task may run longer than the broker's visibility timeout and would run twice.",
        "Keep CELERY_TASK_TIME_LIMIT well below the visibility_timeout.",
    ),
)


def dangers_in(settings: Any) -> list[Danger]:
    """The dangers that these settings contain."""
    return [danger for danger in DANGERS if danger.found(settings)]


@checks.register(checks.Tags.security, deploy=True)
def refuse_dangers(app_configs: Iterable[Any] | None = None, **_: Any) -> list[checks.CheckMessage]:
    """An error for each danger in the settings that are in force."""
    return [danger.error() for danger in dangers_in(settings)]


#: Settings that are shares, with what they may be: a median at least, and never all or nothing.
SHARES = {"HAND_OVER_QUANTILE": (0.5, 0.99), "ON_TIME_SHARE_WANTED": (0.0, 1.0)}


@checks.register()
def refuse_impossible_shares(
    app_configs: Iterable[Any] | None = None, **_: Any
) -> list[checks.CheckMessage]:
    """An error for each setting that no plan could be made with."""
    return [
        checks.Error(
            f"{name} must lie between {least} and {most}, not {getattr(settings, name)}.",
            hint="Unset it for the default.",
            id="foodrelay.E020",
        )
        for name, (least, most) in SHARES.items()
        if not least <= getattr(settings, name) <= most
    ]
