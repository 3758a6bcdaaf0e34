"""A van is quoted from where its calendar says that it will be."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from nearmade.adapters.exchange import latest_rates
from nearmade.adapters.network_file import load_network
from nearmade.planning.offers import SiteOffer, quote_network
from nearmade.vocabulary.place import Place
from tests.planning.test_offers import DEMO_FILE, FRONT

NAKURU = Place("Nakuru", "KE", -0.30719, 36.07225)


def offer_of_the_van(now: datetime) -> SiteOffer:
    van = [each for each in load_network(Path(DEMO_FILE)) if each.id == "nairobi-van"]
    quote = quote_network(
        [FRONT],
        0.0,
        0.0,
        0.0,
        van,
        NAKURU,
        deliver=True,
        now=now,
        rates=latest_rates(),
        promise_days=7,
        carbon_price_usd_per_t=0,
        commercial_use=True,
    )
    (offer,) = quote.offers
    return offer


@pytest.mark.parametrize(
    ("day", "where", "km"),
    [
        # at its base, 135 km away as the crow flies
        (datetime(2026, 11, 2, 9, tzinfo=UTC), "Nairobi", 135),
        # in the first days of December it stands in Nakuru itself
        (datetime(2026, 12, 2, 9, tzinfo=UTC), "Nakuru", 0),
        # a week later in Eldoret
        (datetime(2026, 12, 9, 9, tzinfo=UTC), "Eldoret", 128),
    ],
)
def test_a_van_sends_from_its_stop(day: datetime, where: str, km: float) -> None:
    offer = offer_of_the_van(day)
    assert offer.facility.place.name == where
    assert offer.distance_km == pytest.approx(km, abs=3)


def test_what_comes_from_next_door_is_cheaper_to_carry() -> None:
    near = offer_of_the_van(datetime(2026, 12, 2, 9, tzinfo=UTC))
    far = offer_of_the_van(datetime(2026, 11, 2, 9, tzinfo=UTC))
    assert near.leg.price_usd.value < far.leg.price_usd.value
