"""People in Django's admin."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin

from nearmade.cloud.people.models import User

admin.site.register(User, UserAdmin)
