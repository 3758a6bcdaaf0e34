"""Sites and operators in Django's admin."""

from django.contrib import admin

from nearmade.cloud.network.models import Operator, Site

admin.site.register(Site)
admin.site.register(Operator)
