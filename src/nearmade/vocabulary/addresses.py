"""Addresses of designs and facilities: stable URLs that any platform can name.

A design of the platform ``https://made.example`` is
``https://made.example/designs/<id>``, a facility ``https://made.example/sites/<id>``.
The address is the thing's name between platforms and leads to its page; nothing here
asks the network. One thing has one address: every accepted spelling is brought to the
canonical form, and what could mean two things to two programs is refused.

References
----------
RFC 3986, sections 3 and 6.2 (syntax and normalisation); WHATWG URL, host parsing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from typing import Final, Literal

from nearmade.vocabulary.errors import InvalidInput
from nearmade.vocabulary.identity import DesignId, FacilityId

Kind = Literal["design", "site"]

#: Longest address that is read, in characters.
MOST_CHARS: Final = 1000

#: First word of the path of each kind.
_FOLDER: Final[dict[Kind, str]] = {"design": "designs", "site": "sites"}
_KIND: Final[dict[str, Kind]] = {folder: kind for kind, folder in _FOLDER.items()}

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,79}", re.ASCII)
#: A folder under which a platform may live.
_SEGMENT = re.compile(r"[A-Za-z0-9_~-][A-Za-z0-9._~-]*", re.ASCII)
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9_-]{0,61}[a-z0-9])?", re.ASCII)
_URL = re.compile(
    r"(?P<scheme>https?)://(?P<host>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)"
    r"(?::(?P<port>[0-9]{1,5}))?(?P<path>/[A-Za-z0-9._~/-]*)?",
    re.ASCII | re.IGNORECASE,
)
_USUAL_PORT: Final = {"https": 443, "http": 80}

_REMEDY: Final = (
    "write it as https://HOST/designs/ID or https://HOST/sites/ID, without user, "
    "query or fragment; a name in other letters in its xn-- form"
)


@dataclass(frozen=True, slots=True)
class Address:
    """The address of one thing, in canonical form.

    Parameters
    ----------
    platform
        Where its platform lives, such as ``https://made.example``.
    kind
        What it is.
    id
        Its short name there.
    """

    platform: str
    kind: Kind
    id: str

    @property
    def url(self) -> str:
        """The address as text."""
        return f"{self.platform}/{_FOLDER[self.kind]}/{self.id}"

    def is_of(self, platform: str) -> bool:
        """Tell whether it belongs to this platform.

        Raises
        ------
        InvalidInput
            When the platform is no address of one.
        """
        return self.platform == canonical_platform(platform)


def canonical_platform(url: str) -> str:
    """Give a platform's address in its one spelling.

    Scheme and host in small letters, no usual port, no slash or dot at the end.

    Raises
    ------
    InvalidInput
        When it is not plain http or https, or has user, query, fragment, escapes,
        ``..`` or a host that is no name.
    """
    origin, segments = _split(url)
    return "/".join((origin, *segments))


def design_url(platform: str, design_id: DesignId | str) -> str:
    """Give the address of a design on a platform.

    Raises
    ------
    InvalidInput
        When the platform is no address or the id has other than letters, digits,
        ``-`` and ``_``.
    """
    return _address(platform, "design", design_id).url


def facility_url(platform: str, facility_id: FacilityId | str) -> str:
    """Give the address of a facility on a platform.

    Raises
    ------
    InvalidInput
        As ``design_url``.
    """
    return _address(platform, "site", facility_id).url


def parse_address(url: str) -> Address:
    """Read the address of a design or facility, of this platform or another.

    Raises
    ------
    InvalidInput
        When it is no such address; see ``canonical_platform``.
    """
    origin, segments = _split(url)
    if len(segments) < 2 or segments[-2] not in _KIND:
        raise _refused(url, "names neither a design nor a site")
    return _address(
        "/".join((origin, *segments[:-2])), _KIND[segments[-2]], segments[-1]
    )


def _address(platform: str, kind: Kind, thing_id: str) -> Address:
    if not _ID.fullmatch(thing_id):
        raise _refused(thing_id, "is no id: letters, digits, - and _, at most 80")
    return Address(canonical_platform(platform), kind, thing_id)


def _split(url: str) -> tuple[str, tuple[str, ...]]:
    """Give scheme, host and port in one spelling, and the path's segments."""
    found = _URL.fullmatch(url) if len(url) <= MOST_CHARS else None
    if found is None:
        raise _refused(url, "is no plain web address")
    scheme = found["scheme"].lower()
    host = _host(found["host"], url)
    port = int(found["port"]) if found["port"] else _USUAL_PORT[scheme]
    if not 0 < port < 65536:
        raise _refused(url, f"has no port {port}")
    path = (found["path"] or "").removesuffix("/")
    segments = tuple(path.split("/")[1:])
    if not all(_SEGMENT.fullmatch(segment) for segment in segments):
        raise _refused(url, "has an empty or hidden folder in its path")
    origin = f"{scheme}://{host}"
    return (origin if port == _USUAL_PORT[scheme] else f"{origin}:{port}"), segments


def _host(written: str, url: str) -> str:
    """Give a host in small letters; numbers only as full addresses."""
    host = written.lower().removesuffix(".")
    try:
        if host.startswith("["):
            return f"[{IPv6Address(host[1:-1]).compressed}]"
        last = host.rpartition(".")[2]
        # Programs read 127.1, 0x7f000001 and 2130706433 as numbers, each in its way.
        if last.isdigit() or last.startswith("0x"):
            return str(IPv4Address(host))
    except AddressValueError as error:
        raise _refused(url, f"has no host {host!r}") from error
    if len(host) > 253 or not all(_LABEL.fullmatch(one) for one in host.split(".")):
        raise _refused(url, f"has no host {host!r}")
    return host


def _refused(value: str, rule: str) -> InvalidInput:
    shown = value if len(value) <= 80 else f"{value[:77]}..."
    return InvalidInput(
        f"address {shown!r}: {rule}", code="address-refused", remedy=_REMEDY
    )
