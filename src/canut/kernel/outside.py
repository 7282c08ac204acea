"""Sending to addresses that came from outside, without being led into our own network.

A name is looked up once, and the address that was looked at is the one to connect to: so it cannot lead
elsewhere by then (DNS rebinding).
"""

import ipaddress
import socket
from collections.abc import Iterable

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


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
    """Tell whether an address is one of the internet: not private, loopback, link-local or multicast."""
    address = ipaddress.ip_address(text.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
        if inner is not None and not inner.is_global:
            return False
    return address.is_global and not address.is_multicast


def _is_in(text: str, networks: Iterable[Network]) -> bool:
    address = ipaddress.ip_address(text.partition("%")[0])
    return any(address.version == network.version and address in network for network in networks)
