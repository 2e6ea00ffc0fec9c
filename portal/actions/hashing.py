"""Password hashes: argon2id with 19 MiB, two passes, one lane (OWASP's minimum, about 40 ms).

Hashing is slow on purpose. No caller holds a transaction open meanwhile, and whoever serves keeps
it off the event loop, a few at a time.
"""

from __future__ import annotations

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from portal.core.passwords import normalise

HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)

# of a password that nobody knows; with the same parameters, so that it takes as long to check
NOBODY = (
    "$argon2id$v=19$m=19456,t=2,p=1$"
    "LZILYyi4ql6366icfPrxHw$4FkVNuCer13+Mt0b7UGMszZHylJYqiF6XOmIDH3BenI"
)


def hash_password(password: str) -> str:
    """The hash to store."""
    return HASHER.hash(normalise(password))


def verify(password_hash: str | None, password: str) -> bool:
    """Whether ``password`` is the one. Without a hash, takes as long and is False."""
    try:
        HASHER.verify(password_hash or NOBODY, normalise(password))
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


def is_outdated(password_hash: str) -> bool:
    """Whether the hash was made with other parameters than those of today."""
    return HASHER.check_needs_rehash(password_hash)
