"""Django's name for this desk."""

from django.apps import AppConfig


class PlansConfig(AppConfig):
    """The desk ``plans``."""

    name = "nearmade.cloud.plans"
    label = "plans"
