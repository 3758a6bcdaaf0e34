"""The block-list in Django's admin; cases are decided on their own page."""

from django.contrib import admin

from nearmade.cloud.moderation.models import BlockEntry

admin.site.register(BlockEntry)
