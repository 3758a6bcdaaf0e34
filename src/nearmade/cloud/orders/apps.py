"""Django's name for this desk."""

from django.apps import AppConfig


class OrdersConfig(AppConfig):
    """The desk ``orders``."""

    name = "nearmade.cloud.orders"
    label = "orders"
