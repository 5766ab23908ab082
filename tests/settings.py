"""The settings under test: the real ones, with an environment of their own.

TEST_ON=postgres runs on PostgreSQL and Redis (TEST_DATABASE_URL, TEST_REDIS_URL), anything else on
SQLite in the embedded mode. Nothing is written into var/.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

ON_POSTGRES = os.environ.get("TEST_ON") == "postgres"
SCRATCH = Path(tempfile.gettempdir()) / f"foodrelay-test-{os.getpid()}"
atexit.register(shutil.rmtree, SCRATCH, ignore_errors=True)


def _redis_url() -> str:
    """TEST_REDIS_URL for the first worker; each further one counts down to one of its own."""
    parts = urlsplit(os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/15"))
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    return urlunsplit(parts._replace(path=f"/{int(parts.path.strip('/') or 0) - 2 * worker}"))


os.environ |= {
    "DEBUG": "false",
    "DEMO": "false",
    "REGION": "tw",
    "SECRET_KEY": "only-for-tests-" + "0123456789abcdef" * 4,
    "VAR_DIR": str(SCRATCH),
    "ALLOWED_HOSTS": "testserver,localhost,127.0.0.1",
    "REDIS_URL": _redis_url() if ON_POSTGRES else "",
    "DATABASE_URL": os.environ.get(
        "TEST_DATABASE_URL", "postgres://postgres@127.0.0.1:5432/postgres"
    )
    if ON_POSTGRES
    else f"sqlite:///{SCRATCH}/unused.sqlite3",
    "HTTPS": "false",
    "STATIC_MANIFEST": "false",
    "EMAIL_URL": "memorymail:",
    "API_RATE_ANONYMOUS": "100000/min",
    "API_RATE_PERSON": "100000/min",
    "LOG_LEVEL": "ERROR",
}

from backend.config.settings import *  # noqa: E402, F403
from backend.config.settings import CACHES, DATABASES, STATIC_ROOT  # noqa: E402

#: In a file even on SQLite, so that threads race on it as they do in the running product.
DATABASES["default"]["TEST"] = {
    "NAME": f"test_foodrelay_{os.getpid()}" if ON_POSTGRES else str(SCRATCH / "test.sqlite3")
}
CACHES["default"]["KEY_PREFIX"] = f"test-{os.getpid()}"
Path(STATIC_ROOT).mkdir(parents=True, exist_ok=True)
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
