"""Django's name for this desk."""

from django.apps import AppConfig


class NetworkConfig(AppConfig):
    """The desk ``network``."""

    name = "nearmade.cloud.network"
    label = "network"
