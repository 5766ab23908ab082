"""How log lines look: one structured line per fact, and never a personal field in it."""

from collections.abc import Iterable
from typing import Any

import structlog
from structlog.typing import EventDict, WrappedLogger

#: Names under which personal data or secrets could reach a log line; their values are dropped.
NEVER_LOGGED = frozenset(
    {
        "address",
        "authorization",
        "cookie",
        "email",
        "ip",
        "name",
        "password",
        "phone",
        "point",
        "query",
        "secret",
        "signature",
        "signer",
        "token",
        "user_agent",
    }
)


def without_personal_data(_logger: WrappedLogger, _method: str, line: EventDict) -> EventDict:
    """Drops every key of NEVER_LOGGED, wherever in the program the line came from."""
    for key in NEVER_LOGGED.intersection(line):
        del line[key]
    return line


SHARED_PROCESSORS: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.StackInfoRenderer(),
    without_personal_data,
]


def _renderers(*, as_json: bool) -> Iterable[Any]:
    """The last steps: JSON for machines, aligned columns for people.

    Both escape control characters, so that input cannot forge a second line.
    """
    strip = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    if as_json:
        return [
            strip,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ]
    return [
        strip,
        structlog.dev.ConsoleRenderer(
            colors=False, exception_formatter=structlog.dev.plain_traceback
        ),
    ]


def logging_settings(*, level: str, as_json: bool) -> dict[str, Any]:
    """The LOGGING setting; also configures structlog itself, which loggers made earlier share."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *SHARED_PROCESSORS,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "structured": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": list(_renderers(as_json=as_json)),
                "foreign_pre_chain": SHARED_PROCESSORS,
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "structured"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # The request log is ours; Django's and the server's repeat it with query strings.
            "django.server": {"handlers": [], "level": "ERROR", "propagate": False},
            "django.request": {"level": "ERROR"},
            "uvicorn.access": {"handlers": [], "propagate": False},
            "celery": {"level": "WARNING"},
            "celery.worker.control": {"level": "ERROR"},
            "kombu": {"level": "WARNING"},
            "django_structlog": {"level": level},
        },
    }
