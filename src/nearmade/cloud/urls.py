"""Every address of the platform."""

from django.contrib import admin
from django.urls import include, path

from nearmade.cloud import live
from nearmade.cloud.api import api

urlpatterns = [
    path("health", live.health, name="health"),
    path("blobs/<slug:sha256>.<slug:ending>", live.blob, name="blob"),
    path("orders/<uuid:order_id>/events", live.order_events, name="order-events"),
    path("admin/", admin.site.urls),
    path("accounts/", include("allauth.account.urls")),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    path("api/", api.urls),
    path("", include("nearmade.cloud.pages.urls")),
]
