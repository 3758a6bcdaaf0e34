"""Accounts."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models


class User(AbstractUser):
    """A person, signed in by e-mail address.

    Everyone may order. ``is_moderator`` opens the review list, ``is_planner`` the
    plans of the whole network; operating a site is a row of ``network.Operator``.
    """

    email = models.EmailField(unique=True)
    is_moderator = models.BooleanField(default=False)
    is_planner = models.BooleanField(default=False)
    demo = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.email
