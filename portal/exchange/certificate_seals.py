"""Certificates are signed with the portal's Ed25519 key, the one that signs badges.

Whoever can write to the database but not read the key cannot make a certificate, nor change one,
that verifies. A key that was replaced still verifies what it signed (``badge_keys``).
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from portal.exchange import badge_keys

# what is signed begins with its purpose, so that no signature of a badge is one of a certificate
_PURPOSE = b"governance-academy certificate 1\n"

Keys = Mapping[str, Ed25519PublicKey]


def sign(folder: Path, text: bytes) -> tuple[str, str]:
    """(id of the key, signature in base64url). Raises OSError where there can be no key."""
    key = badge_keys.signing_key(folder)
    private = key.private_key
    if not isinstance(private, Ed25519PrivateKey):
        raise OSError(f"{folder}: the signing key is no Ed25519 key")
    signature = private.sign(_PURPOSE + text)
    return badge_keys.key_id(key), base64.urlsafe_b64encode(signature).decode("ascii")


def keys(folder: Path) -> Keys:
    """Every key that has signed, by its id. Raises OSError, ValueError."""
    found = badge_keys.public_keys(folder)["keys"]
    return {one["kid"]: _public(json.dumps(one, sort_keys=True)) for one in found}


def verifies(known: Keys, key_id: str, signature: str, text: bytes) -> bool:
    """Whether ``signature`` was made over ``text`` by the key ``key_id``."""
    key = known.get(key_id)
    if key is None:
        return False
    try:
        key.verify(base64.urlsafe_b64decode(signature.encode("ascii")), _PURPOSE + text)
    except (InvalidSignature, ValueError):
        return False
    return True


# Private functions


@lru_cache(maxsize=32)
def _public(jwk: str) -> Ed25519PublicKey:
    x: str = json.loads(jwk)["x"]
    return Ed25519PublicKey.from_public_bytes(base64.urlsafe_b64decode(x + "=" * (-len(x) % 4)))
