"""Every address of the platform."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

from nearmade.cloud import live
from nearmade.cloud.api import api

# One way in for everybody: its limits and second factor count for staff too.
admin.autodiscover()
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

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
