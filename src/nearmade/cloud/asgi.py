"""The platform as an ASGI application."""

import os

from django.core.asgi import get_asgi_application

from nearmade.cloud.body_limit import BodyLimit

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nearmade.cloud.settings")
application = BodyLimit(get_asgi_application())
