"""One thing has one address, and nothing hostile is one."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nearmade.vocabulary.addresses import (
    Address,
    canonical_platform,
    design_url,
    facility_url,
    parse_address,
)
from nearmade.vocabulary.errors import InvalidInput

HERE = "https://made.example"


def test_a_design_and_a_site_have_the_addresses_of_their_pages() -> None:
    assert design_url(HERE, "spectacles") == "https://made.example/designs/spectacles"
    assert facility_url(HERE, "lyon-lab") == "https://made.example/sites/lyon-lab"


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("HTTPS://Made.Example", HERE),
        ("https://made.example/", HERE),
        ("https://made.example:443", HERE),
        ("https://made.example.", HERE),
        ("http://made.example:80/", "http://made.example"),
        ("https://made.example:8443/", "https://made.example:8443"),
        ("https://made.example/cloud/", "https://made.example/cloud"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        # RFC 5952: the longest run of zeros is left out, small letters
        ("http://[2001:DB8:0:0:0:0:0:1]:8000/", "http://[2001:db8::1]:8000"),
        ("https://xn--bcher-kva.example", "https://xn--bcher-kva.example"),
    ],
)
def test_every_spelling_of_a_platform_becomes_one(written: str, canonical: str) -> None:
    assert canonical_platform(written) == canonical
    assert canonical_platform(canonical) == canonical


@pytest.mark.parametrize(
    "hostile",
    [
        "",
        "made.example/designs/x",
        "//made.example/designs/x",
        "ftp://made.example/designs/x",
        "javascript:alert(1)//made.example/designs/x",
        "file:///designs/x",
        "https://",
        "https:///designs/x",
        "https://made.example@evil.example/designs/x",
        "https://user:word@made.example/designs/x",
        "https://made.example/designs/x?y=1",
        "https://made.example/designs/x#y",
        "https://made.example/designs/../sites/x",
        "https://made.example/./designs/x",
        "https://made.example/designs//x",
        "https://made.example//designs/x",
        "https://made.example/designs/%2e%2e",
        "https://made.example/designs/a%20b",
        "https://made.example\\designs\\x",
        "https://made.example/designs/x\n",
        "https://made.example/designs/x\r\nHost: y",
        "https://made.example /designs/x",
        " https://made.example/designs/x",
        "https://made.example/designs/x\x00",
        "https://m\u0430de.example/designs/x",  # a Cyrillic letter
        "https://made.example/designs/\u017fpectacles",
        "https://made.example:0/designs/x",
        "https://made.example:65536/designs/x",
        "https://made.example:443443/designs/x",
        "https://made..example/designs/x",
        "https://-made.example/designs/x",
        "https://2130706433/designs/x",
        "https://0x7f.1/designs/x",
        "https://127.1/designs/x",
        "https://127.0.0.01/designs/x",
        "https://256.0.0.1/designs/x",
        "https://[::g]/designs/x",
        "https://[::1/designs/x",
        "https://[fe80::1%25eth0]/designs/x",
        "https://made.example/designs",
        "https://made.example/designs/",
        "https://made.example/orders/x",
        "https://made.example/designs/x/fit",
        "https://made.example/designs/-x",
        f"https://made.example/designs/{'x' * 81}",
        f"https://{'a' * 64}.example/designs/x",
        f"https://made.example/{'y/' * 500}designs/x",
    ],
)
def test_what_could_mean_two_things_is_no_address(hostile: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse_address(hostile)
    assert refused.value.code == "address-refused"
    assert refused.value.remedy


@pytest.mark.parametrize(
    "bad", ["", "a/b", "..", "a b", "\u00e9", "-a", "a" * 81, "a?b"]
)
def test_an_id_that_would_change_the_path_gets_no_address(bad: str) -> None:
    with pytest.raises(InvalidInput):
        design_url(HERE, bad)


def test_a_foreign_address_is_read_and_known_as_foreign() -> None:
    there = parse_address("https://OTHER.example:443/sites/Accra_1/")
    assert there == Address("https://other.example", "site", "Accra_1")
    assert there.url == "https://other.example/sites/Accra_1"
    assert not there.is_of(HERE)
    assert there.is_of("https://other.example/")


def test_http_and_https_are_two_platforms() -> None:
    assert not parse_address("http://made.example/designs/x").is_of(HERE)


ids = st.text(string.ascii_letters + string.digits, min_size=1, max_size=80)
labels = st.text(string.ascii_lowercase, min_size=1, max_size=20)


@given(st.lists(labels, min_size=1, max_size=4), st.integers(1, 65535), ids)
def test_every_address_that_is_built_is_read_back(
    host: list[str], port: int, thing: str
) -> None:
    platform = f"https://{'.'.join(host)}:{port}"
    address = parse_address(design_url(platform, thing))
    assert (address.kind, address.id) == ("design", thing)
    assert address.is_of(platform)
    assert parse_address(address.url) == address


@given(st.text(max_size=60))
def test_any_text_is_an_address_in_one_spelling_or_refused(text: str) -> None:
    try:
        address = parse_address(text)
    except InvalidInput:
        return
    assert parse_address(address.url) == address
