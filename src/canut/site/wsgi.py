"""The callable that the web server calls: the fast lane, and Django behind it."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "canut.site.settings")
django = get_wsgi_application()

from canut.site.fast_lane import fast_lane  # noqa: E402 (the rooms need Django to be set up)

application = fast_lane(django)
