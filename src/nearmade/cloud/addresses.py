"""What an address names: a thing of this platform, or of another."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from ninja import Router, Schema

from nearmade.cloud.catalogue.models import DesignVersion
from nearmade.cloud.network.models import Site
from nearmade.vocabulary.addresses import Address, parse_address

router = Router(tags=["addresses"])


class AddressOut(Schema):
    """An address in its one spelling, and whose it is."""

    url: str
    platform: str
    kind: str
    id: str
    here: bool
    title: str | None


@router.get("/addresses", response=AddressOut, summary="Tell what an address names")
def get_address(request: HttpRequest, url: str) -> dict[str, Any]:
    """Read the address of a design or site; another platform is not asked.

    ``here`` says whether it is this platform's. ``title`` is what this platform calls
    it: null for a thing of another platform, and for one that is not here.
    """
    address = parse_address(url)
    here = address.is_of(settings.CONFIGURATION.public_url)
    return {
        "url": address.url,
        "platform": address.platform,
        "kind": address.kind,
        "id": address.id,
        "here": here,
        "title": _title(address) if here else None,
    }


def _title(address: Address) -> str | None:
    """Give the title of a thing of this platform; None when there is none."""
    if address.kind == "design":
        designs = DesignVersion.objects.filter(design_id=address.id, current=True)
        return designs.values_list("title", flat=True).first()
    return Site.objects.filter(pk=address.id).values_list("name", flat=True).first()
