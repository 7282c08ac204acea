"""Sending to addresses that came from outside, without being led into our own network.

A name is looked up once, and the address that was looked at is the one to connect to: so it cannot lead
elsewhere by then (DNS rebinding).
"""

import ipaddress
import socket
from collections.abc import Iterable

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_GIVEN_OUT = ipaddress.IPv6Network("2000::/3")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_PROTOCOLS = ipaddress.IPv4Network("192.0.0.0/24")


class AddressIsInternal(Exception):
    """The address leads into our own network, or nowhere."""


def address_outside(host: str, port: int, *, allowed: Iterable[Network] = ()) -> str:
    """Return the address of a host to connect to: a public one, or one in a network that is allowed.

    Raises:
        AddressIsInternal: one of its addresses is neither, or it has none.
        OSError: the name cannot be looked up.
    """
    networks = tuple(allowed)
    found = [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    if not found or not all(is_public(address) or _is_in(address, networks) for address in found):
        raise AddressIsInternal(host)
    return found[0]


def is_public(text: str) -> bool:
    """Tell whether an address is one of the internet: not private, loopback, link-local or multicast.

    Of IPv6 only what is given out for the internet counts (2000::/3), so that forms which are out of use, or
    which a gateway of ours reads as addresses of its own network, lead nowhere. An address of IPv4 within one
    of IPv6 must be public itself.

    Source: RFC 4291, section 2.4; RFC 6052, section 3.1; the IANA registries of special-purpose addresses.
    """
    address = ipaddress.ip_address(text.partition("%")[0])
    if isinstance(address, ipaddress.IPv4Address):
        return address.is_global and not address.is_multicast and address not in _PROTOCOLS
    if address.ipv4_mapped is not None:
        return is_public(str(address.ipv4_mapped))
    if address in _NAT64:
        return is_public(str(ipaddress.IPv4Address(int(address) % 2**32)))
    inner = address.sixtofour or (address.teredo or (None, None))[1]
    if inner is not None and not is_public(str(inner)):
        return False
    return address.is_global and address in _GIVEN_OUT


def _is_in(text: str, networks: Iterable[Network]) -> bool:
    address = ipaddress.ip_address(text.partition("%")[0])
    return any(address.version == network.version and address in network for network in networks)
