"""A credential as JSON that carries its own proof: ``eddsa-jcs-2022`` (W3C VC Data Integrity EdDSA
Cryptosuites 1.0, 3.3) over the JSON Canonicalization Scheme (RFC 8785), with an Ed25519 key.

The key stands in the proof as a ``did:key``, so the file can be checked by itself; whether the key
is the issuer's is for the reader to know. No context is fetched, no JSON-LD is processed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from joserfc.jwk import OKPKey

SUITE = "eddsa-jcs-2022"
_ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"  # base58btc
_ED25519 = b"\xed\x01"  # multicodec of a public key
_LONGEST_BASE58 = 120  # a signature has 88


def did_key(key: OKPKey) -> str:
    """The key's own name: ``did:key:z6Mk…``."""
    return "did:key:z" + _base58(_ED25519 + _private(key).public_key().public_bytes_raw())


def secure(document: Mapping[str, Any], key: OKPKey, created: str) -> dict[str, Any]:
    """``document`` with a ``proof``; ``created`` is an ISO instant."""
    did = did_key(key)
    options = {
        "@context": document["@context"],
        "type": "DataIntegrityProof",
        "cryptosuite": SUITE,
        "created": created,
        "verificationMethod": f"{did}#{did.removeprefix('did:key:')}",
        "proofPurpose": "assertionMethod",
    }
    signature = _private(key).sign(_hashed(options, document))
    return {**document, "proof": {**options, "proofValue": "z" + _base58(signature)}}


def read(text: str) -> tuple[dict[str, Any], bytes]:
    """The credential of a secured file, without its proof, and the 32 bytes of the key that signed
    it. Raises ValueError on everything else, a changed byte of its content among it."""
    document = json.loads(text, object_pairs_hook=_once)
    if not isinstance(document, dict) or not isinstance(document.get("proof"), dict):
        raise ValueError("no proof")
    proof = dict(document.pop("proof"))
    signature = _multibase(proof.pop("proofValue", None))
    method = str(proof.get("verificationMethod"))
    did, _, fragment = method.partition("#")
    public = _multibase(fragment)
    if (
        proof.get("type") != "DataIntegrityProof"
        or proof.get("cryptosuite") != SUITE
        or proof.get("proofPurpose") != "assertionMethod"
        or proof.get("@context") != document.get("@context")
        or did != f"did:key:{fragment}"
        or not public.startswith(_ED25519)
        or len(public) != 34
    ):
        raise ValueError(f"no proof by {SUITE}")
    try:
        key = Ed25519PublicKey.from_public_bytes(public[2:])
        key.verify(signature, _hashed(proof, document))
    except InvalidSignature:
        raise ValueError("the signature does not fit the content") from None
    issuer = document.get("issuer")
    if not isinstance(issuer, dict) or issuer.get("id") != did:
        raise ValueError("signed by somebody else than its issuer")
    return document, public[2:]


# Private functions


def _private(key: OKPKey) -> Ed25519PrivateKey:
    found = key.private_key
    assert isinstance(found, Ed25519PrivateKey)
    return found


def _hashed(options: Mapping[str, Any], document: Mapping[str, Any]) -> bytes:
    return sha256(_canonical(options)).digest() + sha256(_canonical(document)).digest()


def _canonical(value: Any) -> bytes:
    """RFC 8785. Raises ValueError on fractions, which no badge has: their form is JavaScript's."""
    return json.dumps(
        _ordered(value), ensure_ascii=False, separators=(",", ":"), allow_nan=False
    ).encode()


def _ordered(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _ordered(value[key]) for key in sorted(value, key=_utf16)}
    if isinstance(value, list):
        return [_ordered(one) for one in value]
    if isinstance(value, float) or (isinstance(value, int) and abs(value) >= 2**53):
        raise ValueError("a number that is written in more than one way")
    return value


def _utf16(name: str) -> bytes:
    return name.encode("utf-16-be")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("a name stands twice")
    return made


def _base58(data: bytes) -> str:
    number, text = int.from_bytes(data), ""
    while number:
        number, rest = divmod(number, 58)
        text = _ALPHABET[rest] + text
    return "1" * (len(data) - len(data.lstrip(b"\0"))) + text


def _multibase(text: Any) -> bytes:
    if not isinstance(text, str) or not text.startswith("z") or len(text) > _LONGEST_BASE58:
        raise ValueError("no base58btc")
    number = 0
    for letter in text[1:]:
        number = number * 58 + _ALPHABET.index(letter)
    zeros = len(text) - 1 - len(text[1:].lstrip("1"))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8)
