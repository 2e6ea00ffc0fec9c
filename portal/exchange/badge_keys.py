"""The Ed25519 key that signs badges, in the data folder: ``badge-keys/``.

``signing.json`` holds the private key (mode 600, JWK). A key that is replaced leaves its public
half behind, ``<kid>.json``, so that what it signed stays verifiable; its private half is gone.
The key's id is its RFC 7638 thumbprint.
"""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path
from typing import Any

from joserfc.jwk import OKPKey

_FOLDER = "badge-keys"
_SIGNING = "signing.json"


def signing_key(data: Path) -> OKPKey:
    """The present key, made when there is none. Raises OSError where it cannot be kept."""
    file = data / _FOLDER / _SIGNING
    if not file.exists():
        _make(data / _FOLDER)
    return OKPKey.import_key(json.loads(file.read_text(encoding="ascii")))


def key_id(key: OKPKey) -> str:
    """RFC 7638 thumbprint, SHA-256, base64url."""
    return key.thumbprint()


def public_keys(data: Path) -> dict[str, Any]:
    """Every key that has signed, the public halves alone, as a JWK Set; the present one first."""
    folder = data / _FOLDER
    keys = [signing_key(data)] if (folder / _SIGNING).exists() else []
    for file in sorted(folder.glob("*.json")):
        if file.name != _SIGNING:
            keys.append(OKPKey.import_key(json.loads(file.read_text(encoding="ascii"))))
    return {"keys": [_public(key) for key in keys]}


def rotate(data: Path) -> tuple[str, str]:
    """Replace the key; returns the ids of the old and the new one. Raises OSError.

    The old public half is on disk before the new key takes its place.
    """
    folder = data / _FOLDER
    old = signing_key(data)
    _write(folder / f"{key_id(old)}.json", _public(old), 0o644)
    new = OKPKey.generate_key("Ed25519")
    _write(folder / _SIGNING, _private(new), 0o600)
    return key_id(old), key_id(new)


# Private functions


def _make(folder: Path) -> None:
    """Make the first key. Several processes may: the first finished draft is the key of all."""
    draft = folder / f"{_SIGNING}.{secrets.token_hex(8)}"
    _write(draft, _private(OKPKey.generate_key("Ed25519")), 0o600)
    try:
        os.link(draft, folder / _SIGNING)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _write(file: Path, key: dict[str, Any], mode: int) -> None:
    """The whole file or nothing, on disk when this returns."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = file.with_name(f"{file.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "w") as opened:
        json.dump(key, opened)
        opened.flush()
        os.fsync(opened.fileno())
    draft.replace(file)


def _public(key: OKPKey) -> dict[str, Any]:
    return {**key.as_dict(private=False), "kid": key_id(key), "use": "sig", "alg": "EdDSA"}


def _private(key: OKPKey) -> dict[str, Any]:
    return {**key.as_dict(private=True), "kid": key_id(key)}
