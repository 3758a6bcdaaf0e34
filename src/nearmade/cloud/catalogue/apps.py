"""Django's name for this desk."""

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    """The desk ``catalogue``."""

    name = "nearmade.cloud.catalogue"
    label = "catalogue"
