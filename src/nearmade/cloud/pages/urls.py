"""Addresses of the pages."""

from django.urls import path

from nearmade.cloud.pages.views import (
    catalogue,
    home,
    ordering,
    places,
    quoting,
    register,
    review,
    uploads,
    workshop,
)

app_name = "pages"
urlpatterns = [
    path("", home.home, name="home"),
    path("places", home.places, name="places"),
    path("designs", catalogue.catalogue, name="catalogue"),
    path("designs/<slug:design_id>", catalogue.design, name="design"),
    path("designs/<slug:design_id>/fit", catalogue.fit, name="fit"),
    path("designs/<slug:design_id>/takes", quoting.takes, name="takes"),
    path("designs/<slug:design_id>/offers", catalogue.offers, name="offers"),
    path("designs/<slug:design_id>/quotes", catalogue.quotes, name="quotes"),
    path("quote", uploads.quote_file, name="quote_file"),
    path("quote/<uuid:upload_id>", uploads.uploaded, name="uploaded"),
    path("quote/<uuid:upload_id>/takes", uploads.takes, name="uploaded_takes"),
    path("quote/<uuid:upload_id>/offers", uploads.offers, name="uploaded_offers"),
    path("quote/<uuid:upload_id>/slice", uploads.slice_it, name="uploaded_slice"),
    path("quote/<uuid:upload_id>/pose", uploads.pose, name="uploaded_pose"),
    path(
        "quote/<uuid:upload_id>/change/<slug:how>",
        uploads.change,
        name="uploaded_change",
    ),
    path("quote/<uuid:upload_id>/forget", uploads.forget, name="uploaded_forget"),
    path("quote/<uuid:upload_id>/<str:name>", uploads.file, name="uploaded_file"),
    path("orders", ordering.orders, name="orders"),
    path("orders/place", ordering.place_order, name="place_order"),
    path("orders/<uuid:order_id>", ordering.order, name="order"),
    path("orders/<uuid:order_id>/live", ordering.order_live, name="order_live"),
    path("orders/<uuid:order_id>/cancel", ordering.cancel_order, name="cancel_order"),
    path("orders/<uuid:order_id>/accept", ordering.accept_order, name="accept_order"),
    path("sites", register.sites, name="sites"),
    path("sites/<slug:site_id>", register.site, name="site"),
    path("sites/<slug:site_id>/okw.json", register.okw, name="site_okw"),
    path("sites/<slug:site_id>/aas.json", register.aas, name="site_aas"),
    path("sites/<slug:site_id>/claim", places.claim, name="claim"),
    path("claims", places.own_claims, name="claims"),
    path("claims/<int:claim_id>/withdraw", places.withdraw, name="withdraw_claim"),
    path("sites/<slug:site_id>/live", workshop.site_live, name="site_live"),
    path(
        "sites/<slug:site_id>/jobs/<uuid:job_id>",
        workshop.act_on_job,
        name="act_on_job",
    ),
    path(
        "sites/<slug:site_id>/orders/<uuid:order_id>",
        workshop.act_on_order,
        name="act_on_order",
    ),
    path("review", review.review, name="review"),
    path("review/<int:case_id>", review.decide, name="decide"),
    path("review/claims/<int:claim_id>", review.decide_claim, name="decide_claim"),
]
