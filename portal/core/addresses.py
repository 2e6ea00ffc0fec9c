"""E-mail addresses: what is accepted before anything is sent to it."""

from __future__ import annotations

import re

LONGEST = 254  # RFC 5321, 4.5.3.1.3

# the ASCII addresses of RFC 5321 without quoted local parts and address literals
_ADDRESS = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}"
)


def is_address(text: str) -> bool:
    """Whether ``text`` is one plain address: no name, no list, no line break."""
    return len(text) <= LONGEST and _ADDRESS.fullmatch(text) is not None
