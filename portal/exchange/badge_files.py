"""A badge as a file, signed with EdDSA over Ed25519: as JSON that carries its proof
(``badge_proofs``), or as a compact JWS (Open Badges 3.0, 8.2: JSON Web Token proof).

Both are verified with the public key alone, offline.
"""

from __future__ import annotations

import json
import warnings
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError, SecurityWarning
from joserfc.jwk import OKPKey

from portal.core.badges import TYPES, identity_hash
from portal.core.times import iso, parse_iso
from portal.exchange import badge_proofs
from portal.exchange.badge_keys import key_id

MEDIA_TYPE = "application/vc+jwt"
JSON_MEDIA_TYPE = "application/vc"
LONGEST = 64 * 1024  # bytes; a badge has about two thousand

# RFC 9864 renames it to "Ed25519"; readers of Open Badges know the name of RFC 8037
_ALGORITHM = "EdDSA"
warnings.filterwarnings("ignore", "EdDSA is deprecated", SecurityWarning)


class BadBadge(ValueError):
    """Why a file is no valid badge, in Chinese and English."""


@dataclass(frozen=True, slots=True)
class Verified:
    """A badge whose signature holds."""

    document: Mapping[str, Any]
    kid: str

    @property
    def name(self) -> str:
        return str(self.document["name"])

    @property
    def issuer(self) -> str:
        return f"{self.document['issuer']['name']} ({self.document['issuer']['id']})"

    @property
    def awarded_at(self) -> datetime:
        return parse_iso(self.document["validFrom"])

    def belongs_to(self, staff_no: str) -> bool:
        """Whether this is the recipient, of whom the badge holds a salted hash alone."""
        return any(
            identity_hash(staff_no, one["salt"]) == one["identityHash"]
            for one in self.document["credentialSubject"]["identifier"]
        )


def sign(claims: Mapping[str, Any], key: OKPKey, key_address: str) -> str:
    """The claims as a compact JWS; ``key_address`` goes before the key's id in ``kid``."""
    header = {"alg": _ALGORITHM, "kid": key_address + key_id(key), "typ": "JWT"}
    body = json.dumps(claims, ensure_ascii=False, separators=(",", ":"))
    return jws.serialize_compact(header, body.encode(), key, algorithms=[_ALGORITHM])


def secured(document: Mapping[str, Any], key: OKPKey, created: datetime) -> str:
    """The credential, whose issuer is the key's ``did:key``, as JSON with its proof."""
    made = badge_proofs.secure(document, key, iso(created))
    return json.dumps(made, ensure_ascii=False, indent=2) + "\n"


def verify(text: str, keys: Mapping[str, Any], now: datetime) -> Verified:
    """The badge in the ``text`` of a file of either form, signed by one of the JWK Set ``keys``.
    Raises BadBadge.

    Nothing is fetched: a key that the badge brings along or points to is never believed.
    """
    if len(text) > LONGEST:
        raise BadBadge("文件太大，不是徽章 / the file is too large to be a badge")
    return (_verify_json if text.lstrip().startswith("{") else _verify_token)(text, keys, now)


# Private functions


def _verify_json(text: str, keys: Mapping[str, Any], now: datetime) -> Verified:
    try:
        document, public = badge_proofs.read(text)
    except (ValueError, RecursionError) as error:
        raise BadBadge(
            f"签名不对，或文件被改过 / wrong signature, or the file was changed: {error}"
        ) from None
    x = urlsafe_b64encode(public).decode().rstrip("=")
    kid = next((str(key.get("kid")) for key in keys.get("keys", []) if key.get("x") == x), None)
    if kid is None:
        raise BadBadge("不是用已知的密钥签发的 / not signed by a key that is known here")
    _check(document, now)
    return Verified(document, kid)


def _verify_token(token: str, keys: Mapping[str, Any], now: datetime) -> Verified:
    try:
        header = jws.extract_compact(token.strip().encode()).headers()
        kid = str(header.get("kid", "")).rpartition("/")[2]
        known = {str(key.get("kid")): key for key in keys.get("keys", [])}
        if header.get("alg") != _ALGORITHM or kid not in known:
            raise BadBadge("不是用已知的密钥签发的 / not signed by a key that is known here")
        key = OKPKey.import_key(known[kid])
        found = jws.deserialize_compact(token.strip(), key, algorithms=[_ALGORITHM])
        document = json.loads(found.payload)
    except BadBadge:
        raise
    except (JoseError, ValueError, UnicodeError, AttributeError) as error:
        raise BadBadge(
            f"签名不对，或文件被改过 / wrong signature, or the file was changed: {error}"
        ) from None
    _check(document, now, _claims_agree)
    return Verified(document, kid)


def _claims_agree(document: Any) -> bool:
    """The claims of the JWT say what the credential says."""
    return bool(
        document["iss"] == document["issuer"]["id"]
        and document["jti"] == document["id"]
        and document["sub"] == document["credentialSubject"]["id"]
        and document["nbf"] == int(parse_iso(document["validFrom"]).timestamp())
    )


def _check(
    document: Any, now: datetime, agrees: Callable[[Any], bool] = lambda document: True
) -> None:
    try:
        right = (
            set(TYPES) <= set(document["type"])
            and agrees(document)
            and isinstance(document["name"], str)
            and isinstance(document["issuer"]["name"], str)
            and all(
                isinstance(one["salt"], str) and isinstance(one["identityHash"], str)
                for one in document["credentialSubject"]["identifier"]
            )
        )
    except (KeyError, TypeError, ValueError):
        right = False
    if not right:
        raise BadBadge("签名有效，但内容不是开放徽章 / signed, but not an Open Badge")
    if parse_iso(document["validFrom"]) > now:
        raise BadBadge("生效日期还没到 / it is not valid yet")
