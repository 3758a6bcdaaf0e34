"""Django's name for this desk."""

from django.apps import AppConfig


class ShopfloorConfig(AppConfig):
    """The desk ``shopfloor``."""

    name = "nearmade.cloud.shopfloor"
    label = "shopfloor"
