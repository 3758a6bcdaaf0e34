"""Django's name for this desk."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """The desk ``people``."""

    name = "nearmade.cloud.people"
    label = "people"
