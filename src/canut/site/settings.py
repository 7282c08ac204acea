"""Django's settings for every mode. What an operator may say is in `docs/settings.md`."""

import os
from pathlib import Path
from urllib.parse import urlsplit

from canut.cli import embedded_postgres, environment

# --- The site -----------------------------------------------------------------------------------

CANUT_MODE = environment.mode()
DATA_DIR = environment.data_folder()
SITE_URL = os.environ.get("CANUT_SITE_URL", "http://127.0.0.1:8000").rstrip("/")
SITE_IS_HTTPS = SITE_URL.startswith("https://")
FRAME_URL = environment.frame_url(SITE_URL)  # empty: see canut.work.frame_host
WEBHOOK_NETWORKS = environment.networks("CANUT_WEBHOOK_NETWORKS")  # else only public addresses
TRUSTED_PROXIES = environment.whole_number("CANUT_TRUSTED_PROXIES", 0)
UPLOAD_LIMIT_BYTES = environment.whole_number("CANUT_UPLOAD_LIMIT_BYTES", 256_000_000)
ANSWER_FILE_LIMIT_BYTES = environment.whole_number("CANUT_ANSWER_FILE_LIMIT_BYTES", 50_000_000)

DEBUG = False
SECRET_KEY = environment.secret_key(DATA_DIR, CANUT_MODE)
SECRET_KEY_FALLBACKS = environment.words("CANUT_SECRET_KEY_FALLBACKS")
ALLOWED_HOSTS = [urlsplit(SITE_URL).hostname or "127.0.0.1", *environment.words("CANUT_ALLOWED_HOSTS")]
ALLOWED_HOSTS += [urlsplit(FRAME_URL).hostname or ""] if FRAME_URL else ["localhost", "127.0.0.1"]
if CANUT_MODE != "production":
    ALLOWED_HOSTS += ["localhost", "127.0.0.1", "[::1]"]

ROOT_URLCONF = "canut.site.urls"
WSGI_APPLICATION = "canut.site.wsgi.application"
APPEND_SLASH = False
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "canut.kernel",
    "canut.people",
    "canut.people.notices",
    "canut.discussion",
    "canut.discussion.hiding",
    "canut.discussion.facilitated",
    "canut.charter",
    "canut.ledger",
    "canut.reputation",
    "canut.work",
    "canut.guilds",
    "canut.guilds.credentials",
    "canut.guilds.journal",
    "canut.guilds.comparisons",
    "canut.membership",
    "canut.forums.conversations",
    "canut.justice",
    "canut.justice.flags",
    "canut.justice.jury",
    "canut.justice.mediation",
    "canut.justice.sanctions",
    "canut.governance",
    "canut.governance.ballots",
    "canut.governance.board",
    "canut.governance.moratoria",
    "canut.governance.resolution",
    "canut.lab.replays",
    "canut.webhooks",
    "canut.web",
    "canut.api",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "procrastinate.contrib.django",
    "django_htmx",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "canut.web.frames.middleware.FrameHost",
    "canut.web.middleware.ContentSecurityPolicy",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "canut.api.problems.ProblemDocuments",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "canut.web.preferences.Preferences",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "canut.web.refusals.RefusalPage",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # Our pages come before those that packages bring along.
        "DIRS": [Path(__file__).resolve().parents[1] / "web" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "django.template.context_processors.tz",
                "canut.web.context.site",
            ],
        },
    }
]

# Our templates/django/forms/ draw every field of every form.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- Data ---------------------------------------------------------------------------------------

# Without DATABASE_URL: our own PostgreSQL, which the command line starts.
DATABASES = {
    "default": environment.database(
        os.environ.get("DATABASE_URL") or embedded_postgres.address(DATA_DIR / "postgres", "canut")
    )
    | {"TEST": environment.test_database()}
}
# Long scans read from here; the same database unless there is a replica.
DATABASE_FOR_LONG_READS = "default"
if os.environ.get("DATABASE_REPLICA_URL"):
    DATABASE_FOR_LONG_READS = "replica"
    DATABASES["replica"] = environment.database(os.environ["DATABASE_REPLICA_URL"]) | {
        "TEST": {"MIRROR": "default"}
    }

CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "kernel_cache"}}
SESSION_ENGINE = "django.contrib.sessions.backends.db"

UPLOADS_DIR = DATA_DIR / "uploads"

# Signed heads of the public log outside the database. Each run of the tests has another log, and keeps none.
LOG_HEADS: Path | None = None if CANUT_MODE == "test" else DATA_DIR / "log-heads.jsonl"
UPLOADS_ARE_LOCAL = not os.environ.get("CANUT_S3_BUCKET")
STATIC_URL = "/static/"
STATIC_ROOT: Path | None = DATA_DIR / "static"
# What `./canut` brought from npm.
NODE_DIR = Path(os.environ.get("CANUT_NODE_DIR", environment.installed_folder() / "node"))
STATICFILES_DIRS = [("pico", NODE_DIR / "static"), ("libraries", NODE_DIR / "libraries")]
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": UPLOADS_DIR, "base_url": None},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
if CANUT_MODE == "test":
    STATIC_ROOT = None
    STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    WHITENOISE_USE_FINDERS = True
if not UPLOADS_ARE_LOCAL:
    STORAGES["default"] = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": os.environ["CANUT_S3_BUCKET"],
            "endpoint_url": os.environ.get("CANUT_S3_ENDPOINT"),
            "region_name": os.environ.get("CANUT_S3_REGION"),
            "access_key": os.environ.get("CANUT_S3_ACCESS_KEY"),
            "secret_key": os.environ.get("CANUT_S3_SECRET_KEY"),
            "location": os.environ.get("CANUT_S3_PREFIX", ""),
            "default_acl": None,
            "file_overwrite": False,
            "querystring_auth": True,
        },
    }
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
DATA_UPLOAD_MAX_MEMORY_SIZE = 8_000_000  # one JSON body: a thousand long rows
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # a page of decisions on all that is shown

# --- Languages and time -------------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("fr", "Français")]
LOCALE_PATHS = [Path(__file__).resolve().parents[1] / "locale"]
FORMAT_MODULE_PATH = "canut.site.formats"
USE_TZ = True  # the database keeps UTC; this zone is for people who have not said theirs
TIME_ZONE = os.environ.get("CANUT_TIME_ZONE", "Europe/Paris")
CANUT_SOURCE_URL = os.environ.get("CANUT_SOURCE_URL", "")  # beside the archive that every site offers
CANUT_COUNTRY = os.environ.get("CANUT_COUNTRY", "FR")  # whose public holidays are no working days

# --- Sign-in ------------------------------------------------------------------------------------

AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = ["canut.web.people.sign_in.SignIn"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
if CANUT_MODE == "test":
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
PASSWORD_RESET_TIMEOUT = 24 * 3600  # a reset link ends after a day

ACCOUNT_ADAPTER = "canut.web.people.sign_in.Adapter"
ACCOUNT_FORMS = {"signup": "canut.web.people.forms.SignUpForm", "login": "canut.web.people.forms.SignInForm"}
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "canut.web.people.sign_in.ResetTokens"  # noqa: S105 - a class
ACCOUNT_USER_DISPLAY = "canut.web.people.sign_in.shown_name"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_CONFIRMATION_EXPIRE_DAYS = 3
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_SESSION_REMEMBER = None  # the form asks
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
# Counted in the shared cache, so that several nodes count together. Key: the name or address typed.
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "signup": "20/m/ip",
    "reset_password": "20/m/ip,5/m/key",
    "reset_password_from_key": "20/m/ip",
    "confirm_email": "1/m/key",
    "change_password": "5/m/user",
    "manage_email": "10/m/user",
    "reauthenticate": "10/m/user",
}
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if SITE_IS_HTTPS else "http"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Canut"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = CANUT_MODE != "production"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"

# --- Mail ---------------------------------------------------------------------------------------

MAIL_DIR = DATA_DIR / "mail"
MAIL = environment.mail(os.environ.get("CANUT_MAIL_URL") if CANUT_MODE == "production" else None)
EMAIL_BACKEND = MAIL.backend
EMAIL_FILE_PATH = MAIL_DIR
EMAIL_HOST = MAIL.host
EMAIL_PORT = MAIL.port
EMAIL_HOST_USER = MAIL.user
EMAIL_HOST_PASSWORD = MAIL.password
EMAIL_USE_TLS = MAIL.starts_tls
EMAIL_USE_SSL = MAIL.is_tls
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = os.environ.get("CANUT_MAIL_FROM", f"Canut <canut@{urlsplit(SITE_URL).hostname}>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
CANUT_BOUNCE_ADDRESS = environment.mail_address("CANUT_BOUNCE_ADDRESS")  # empty: to the sender

# --- Safety -------------------------------------------------------------------------------------

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = SITE_IS_HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if SITE_IS_HTTPS else 0
CSRF_TRUSTED_ORIGINS = [SITE_URL] if SITE_IS_HTTPS else []
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = SITE_IS_HTTPS

# --- Jobs and logs ------------------------------------------------------------------------------

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = ""
PROCRASTINATE_IMPORT_PATHS = ["canut.jobs.tasks"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("CANUT_LOG_LEVEL", "WARNING")},
    "loggers": {"django": {"handlers": [], "propagate": True}},
}
