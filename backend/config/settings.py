"""Every setting, from the environment: safe defaults, and with none set the embedded mode runs.

Any variable NAME may be given as NAME_FILE, the path of a file with its value (container secrets).
Combinations that would hurt in production are system checks (checks.py).
"""

import logging
from datetime import timedelta
from pathlib import Path
from typing import Any

from csp.constants import NONCE, NONE, SELF

from backend.config.environment import Environment
from backend.config.logs import logging_settings
from backend.config.planning import planning_settings
from backend.config.rest import SPECTACULAR, rest_settings
from backend.config.schedule import BEAT_SCHEDULE, TASK_ROUTES
from backend.config.secret import embedded_secret

BASE_DIR = Path(__file__).resolve().parent.parent.parent
env = Environment()
if (BASE_DIR / ".env").exists():
    env.read_env(BASE_DIR / ".env")

# --- Mode ----------------------------------------------------------------------------------------
# Embedded: one process holds web, worker, beat and relay. Production: Redis joins many processes.
DEBUG = env.bool("DEBUG", default=False)
REDIS_URL = env.str("REDIS_URL", default="")
EMBEDDED = not REDIS_URL
#: Web processes that share the database; gunicorn and uvicorn read the same variable.
WEB_CONCURRENCY = env.int("WEB_CONCURRENCY", default=1)
#: A living demonstration: simulated time, invented accounts with a published password.
DEMO = env.bool("DEMO", default=False)
#: The region pack that is loaded (a folder of backend/regions/packs).
REGION = env.str("REGION", default="tw")
#: Everything that the program writes outside the database.
VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))

# --- Secrets and hosts ---------------------------------------------------------------------------
SECRET_KEY = env.str("SECRET_KEY", default="") or (
    embedded_secret(VAR_DIR / "secret_key") if EMBEDDED else ""
)
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
#: Where people reach us, without a trailing slash: for links in mail and feeds.
PUBLIC_URL = env.str("PUBLIC_URL", default="http://localhost:8000")

# --- Apps, from the bottom layer to the top ------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "channels",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "knox",
    "rules",
    "csp",
    "django_htmx",
    "django_structlog",
    "django_celery_beat",
    "backend.common",
    "backend.events",
    "backend.regions",
    "backend.geo",
    "backend.accounts",
    "backend.organizations",
    "backend.couriers",
    "backend.listings",
    "backend.needs",
    "backend.claims",
    "backend.custody",
    "matching",
    "logistics",
    "backend.impact",
    "notifications",
    "backend.web",
    "backend.demo",
    # After our own apps, whose templates replace its.
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "backend.config",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "backend.config.middleware.SecurityHeaders",
    "backend.config.middleware.StaticFiles",
    "backend.config.middleware.RequestLog",
    "backend.common.correlation.CorrelationMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "backend.config.middleware.SessionLimits",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "backend.web.middleware.RegionTime",
    "backend.web.middleware.EventFeed",
    "backend.web.middleware.RefusalPages",
]
ROOT_URLCONF = "backend.config.urls"
WSGI_APPLICATION = "backend.config.wsgi.application"
ASGI_APPLICATION = "backend.config.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "backend.web.context_processors.page",
            ]
        },
    }
]

# --- Database ------------------------------------------------------------------------------------
DATABASES: dict[str, dict[str, Any]] = {
    "default": env.db("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'foodrelay.sqlite3'}")
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    VAR_DIR.mkdir(parents=True, exist_ok=True)
    DATABASES["default"]["CONN_MAX_AGE"] = None
    DATABASES["default"]["OPTIONS"] = {
        # Deferred transactions fail at once when two read before they write; these wait.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    #: Connections that one process keeps; 0 opens one when needed (workers, which fork).
    DATABASE_POOL_MAX = env.int("DATABASE_POOL_MAX", default=8)
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    DATABASES["default"]["OPTIONS"] = (
        {"pool": {"min_size": 1, "max_size": DATABASE_POOL_MAX, "timeout": 5}}
        if DATABASE_POOL_MAX
        else {}
    )
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
#: Our ApiKey replaces knox's own token, whose migrations would make its table all the same.
MIGRATION_MODULES = {"knox": None}

# --- Cache, sessions, channel layer --------------------------------------------------------------
CHANNEL_LAYERS: dict[str, dict[str, Any]]
CACHES: dict[str, dict[str, Any]]
if EMBEDDED:
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            "OPTIONS": {"MAX_ENTRIES": 50_000},
        }
    }
    CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
    # In files: they survive a restart and never wait for the one database writer.
    SESSION_ENGINE = "django.contrib.sessions.backends.file"
    SESSION_FILE_PATH = VAR_DIR / "sessions"
    SESSION_FILE_PATH.mkdir(mode=0o700, parents=True, exist_ok=True)
else:
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": REDIS_URL,
            "KEY_PREFIX": "foodrelay",
            "OPTIONS": {"socket_timeout": 5, "socket_connect_timeout": 5, "max_connections": 200},
        }
    }
    # The defaults of redis-py 8 (5 s socket timeout, 100 connections) kill waiting subscribers.
    CHANNEL_LAYERS = {
        "default": {
            "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
            "CONFIG": {
                "hosts": [
                    {"address": REDIS_URL, "socket_timeout": None, "max_connections": 10_000}
                ],
                "prefix": "foodrelay",
            },
        }
    }
    SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SESSION_COOKIE_NAME = "foodrelay_session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
#: A session ends after this long without a request, and at the latest after SESSION_ABSOLUTE_S.
SESSION_COOKIE_AGE = env.int("SESSION_IDLE_S", default=12 * 3600)
SESSION_ABSOLUTE_S = env.int("SESSION_ABSOLUTE_S", default=14 * 24 * 3600)

# --- Web surface ---------------------------------------------------------------------------------
#: Whether people reach us over TLS; off only where the browser and the server share a machine.
HTTPS = env.bool("HTTPS", default=not EMBEDDED)
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz/"]
SECURE_HSTS_SECONDS = 2 * 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
if env.bool("BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    # Failed sign-ins are counted by the address that the proxy saw, not by the proxy's.
    ALLAUTH_TRUSTED_PROXY_COUNT = 1
#: Where tiles of a base map may come from, beside ourselves.
MAP_TILE_HOSTS = env.list("MAP_TILE_HOSTS", default=[])
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:", "blob:", *MAP_TILE_HOSTS],
        "connect-src": [SELF, *MAP_TILE_HOSTS],
        "font-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o640

# --- People and how they sign in -----------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    # Memory-hard, in the standard library.
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}Validator", "OPTIONS": options}
    for name, options in (
        ("UserAttributeSimilarity", {"user_attributes": ["email", "name", "phone"]}),
        ("MinimumLength", {"min_length": 10}),
        ("CommonPassword", {}),
        ("NumericPassword", {}),
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = LOGOUT_REDIRECT_URL = "/"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "backend.web.forms.signup.SignupForm"
# The embedded mode writes mail to files; nobody should have to look there before they can begin.
ACCOUNT_EMAIL_VERIFICATION = env.str(
    "ACCOUNT_EMAIL_VERIFICATION", default="optional" if EMBEDDED else "mandatory"
)
#: Stores people by our own action and counts failed sign-ins, also those over REST.
ACCOUNT_ADAPTER = "backend.accounts.views.SignInAdapter"
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
ACCOUNT_EMAIL_SUBJECT_PREFIX = "[FoodRelay] "
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_SESSION_REMEMBER = True
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "FoodRelay"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
KNOX_TOKEN_MODEL = "accounts.ApiKey"  # noqa: S105 - the name of a model
REST_KNOX = {
    "TOKEN_TTL": timedelta(days=365),
    "AUTH_HEADER_PREFIX": "Bearer",
    "TOKEN_PREFIX": "fr_",
}

# --- REST ----------------------------------------------------------------------------------------
REST_FRAMEWORK = rest_settings(
    rate_anonymous=env.str("API_RATE_ANONYMOUS", default="60/min"),
    rate_person=env.str("API_RATE_PERSON", default="600/min"),
)
SPECTACULAR_SETTINGS = SPECTACULAR

# --- Background work -----------------------------------------------------------------------------
CELERY_BROKER_URL = "memory://localhost/" if EMBEDDED else REDIS_URL
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = (
    {"polling_interval": 0.05}
    if EMBEDDED
    # Far above the longest task, or Redis would hand a running task to a second worker.
    else {
        "visibility_timeout": 3600,
        "socket_timeout": None,
        "socket_keepalive": True,
        "health_check_interval": 25,
    }
)
CELERY_RESULT_BACKEND = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = "json"
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_CREATE_MISSING_QUEUES = True
CELERY_TASK_ROUTES = TASK_ROUTES
# Both: late acknowledgement alone still loses the task of a worker that the kernel killed.
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_SOFT_TIME_LIMIT = 240
CELERY_TASK_TIME_LIMIT = 300
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
CELERY_BEAT_SCHEDULE = BEAT_SCHEDULE
DJANGO_CELERY_BEAT_TZ_AWARE = True
#: Threads of the embedded worker.
EMBEDDED_WORKER_THREADS = env.int("EMBEDDED_WORKER_THREADS", default=4)

# --- Language and time ---------------------------------------------------------------------------
USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = "zh-hant"
LANGUAGES = [("zh-hant", "正體中文"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "foodrelay_language"
LOCALE_PATHS = [BASE_DIR / "backend" / "locale"]

# --- Files ---------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(VAR_DIR / "static")))
MEDIA_URL = "/media/"
MEDIA_ROOT = VAR_DIR / "media"
#: Served from files that collectstatic named by content; otherwise from the source folders.
STATIC_MANIFEST = env.bool("STATIC_MANIFEST", default=not (DEBUG or EMBEDDED))
WHITENOISE_USE_FINDERS = not STATIC_MANIFEST
WHITENOISE_ALLOW_ALL_ORIGINS = False
if EMBEDDED:
    STATIC_ROOT.mkdir(parents=True, exist_ok=True)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if STATIC_MANIFEST
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

# --- Mail ----------------------------------------------------------------------------------------
EMAIL_FILE_PATH = VAR_DIR / "mail"
globals().update(env.email("EMAIL_URL", default="filemail:" if EMBEDDED else "smtp://localhost:25"))
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="FoodRelay <noreply@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
#: Whom people write to about their data and anything else; named in the privacy notice.
CONTACT_EMAIL = env.str("CONTACT_EMAIL", default="hello@localhost")

# --- Logs ----------------------------------------------------------------------------------------
LOG_LEVEL = env.str("LOG_LEVEL", default="WARNING" if EMBEDDED else "INFO")
LOGGING = logging_settings(level=LOG_LEVEL, as_json=env.bool("LOG_JSON", default=not EMBEDDED))
DJANGO_STRUCTLOG_CELERY_ENABLED = True
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = logging.DEBUG
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
DJANGO_STRUCTLOG_TRUST_UPSTREAM_REQUEST_ID = False
DJANGO_STRUCTLOG_TRUST_UPSTREAM_CORRELATION_ID = False

# --- Places and roads --------------------------------------------------------------------------
HAND_OVER_QUANTILE, ON_TIME_SHARE_WANTED, ROUTE_CHANGE_GAIN, SOLVER_LIMITS = planning_settings(env)
#: Folders that hold further region packs, each in a folder named by its code.
REGION_PACK_DIRS = env.list("REGION_PACK_DIRS", default=[])
#: Hosts (host or host:port) that the adapters below may speak to; no other, and no redirects.
GEO_ALLOWED_HOSTS = env.list("GEO_ALLOWED_HOSTS", default=[])
#: OSRM servers by profile ("car=http://osrm:5000,van=http://osrm:5000"); none: straight line.
OSRM_URLS = env.dict("OSRM_URLS", default={})
OSRM_TIMEOUT_S = env.float("OSRM_TIMEOUT_S", default=5.0)
#: The server's --max-table-size: sources and destinations of one request together.
OSRM_MAX_POINTS = env.int("OSRM_MAX_POINTS", default=100)
#: A Nominatim-compatible server; none: only the region's own list of townships.
GEOCODER_URL = env.str("GEOCODER_URL", default="")
GEOCODER_USER_AGENT = env.str("GEOCODER_USER_AGENT", default="FoodRelay")
GEOCODER_TIMEOUT_S = env.float("GEOCODER_TIMEOUT_S", default=3.0)
#: Least whole seconds between two requests of all processes together (public servers ask for 1).
GEOCODER_SPACING_S = env.int("GEOCODER_SPACING_S", default=1)
GEOCODER_CACHE_S = env.int("GEOCODER_CACHE_S", default=86_400)
