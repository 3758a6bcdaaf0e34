"""Django's name for this desk."""

from django.apps import AppConfig


class PagesConfig(AppConfig):
    """The desk ``pages``."""

    name = "nearmade.cloud.pages"
    label = "pages"
