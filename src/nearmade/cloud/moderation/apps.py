"""Django's name for this desk."""

from django.apps import AppConfig


class ModerationConfig(AppConfig):
    """The desk ``moderation``."""

    name = "nearmade.cloud.moderation"
    label = "moderation"
