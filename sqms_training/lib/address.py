"""Whether the address that a printed code bears can be reached from outside."""

import ipaddress
from urllib.parse import urlsplit


def is_public_address(address):
    """Encrypted, and neither this machine nor a private network.

    >>> [is_public_address(each) for each in ("https://qinghe.example.com", "http://qinghe.example.com", "https://localhost:8069")]
    [True, False, False]
    >>> [is_public_address(each) for each in ("https://169.254.1.5", "https://odoo", "", None)]
    [False, False, False, False]
    """
    parts = urlsplit(address or "")
    host = parts.hostname or ""
    try:
        return parts.scheme == "https" and ipaddress.ip_address(host).is_global
    except ValueError:
        return parts.scheme == "https" and "." in host
