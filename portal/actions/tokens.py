"""Secrets that stand for a right: 256 random bits, given out once, kept as SHA-256 only."""

from __future__ import annotations

import hashlib
import secrets

LONGEST = 100  # a longer text cannot be a token of ours and is not worth hashing


def new_token() -> str:
    """43 characters, safe in addresses and cookies."""
    return secrets.token_urlsafe(32)


def fingerprint(token: str) -> bytes:
    """What is stored of a token."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
