"""Badges as JSON: the W3C's own vector verifies, and not one byte of a badge may be changed."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from portal.core.badges import Badge, Issuer, credential
from portal.exchange import badge_files, badge_keys, badge_proofs
from portal.exchange.badge_files import BadBadge

AT = datetime(2026, 11, 26, 2, tzinfo=UTC)
LATER = AT + timedelta(days=1)
# VC Data Integrity EdDSA Cryptosuites 1.0, B.3: key, hash to sign (Example 36), proof (Example 38)
KEY = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
HASH = (
    "66ab154f5c2890a140cb8388a22a160454f80575f6eae09e5a097cabe539a1db"
    "59b7cb6251b8991add1ce0bc83107e3db9dbbab5bd2c28f687db1a03abc92f19"
)
PROOF = "z2HnFSSPPBzR36zdDgK8PbEHeXbR56YF24jwMpt3R1eHXQzJDMWS93FCzpvJpwTWd3GAVFuUfjoJdcnTMuVor51aX"


def badge_in(data: Path) -> str:
    key = badge_keys.signing_key(data)
    badge = Badge(
        "0b5c6c1e-5a0e-4c38-9a52-3f3f8f1c7d11", "x", ("名", "Name"), ("为何", "Why"), AT, "s"
    )
    issuer = Issuer(badge_proofs.did_key(key), "治理学堂", "https://a.example")
    return badge_files.secured(credential(badge, "Q1", issuer), key, AT)


def test_the_vector_of_the_standard_verifies() -> None:
    key = badge_proofs._multibase(KEY)
    assert key[:2] == b"\xed\x01" and "z" + badge_proofs._base58(key) == KEY
    signature = badge_proofs._multibase(PROOF)
    assert "z" + badge_proofs._base58(signature) == PROOF
    Ed25519PublicKey.from_public_bytes(key[2:]).verify(signature, bytes.fromhex(HASH))


def test_a_badge_is_verified_and_tells_its_owner(tmp_path: Path) -> None:
    found = badge_files.verify(badge_in(tmp_path), badge_keys.public_keys(tmp_path), LATER)
    assert found.name == "名 / Name" and found.awarded_at == AT
    assert found.belongs_to("Q1") and not found.belongs_to("Q2")
    assert found.kid == badge_keys.public_keys(tmp_path)["keys"][0]["kid"]
    subject = found.document["credentialSubject"]
    assert subject["achievement"]["image"]["id"].startswith("data:image/svg+xml;base64,")


def test_whoever_follows_the_standard_needs_the_file_alone(tmp_path: Path) -> None:
    """Example by example of 3.3, with the keys in their order as ASCII names are."""

    def canonical(value: object) -> bytes:
        return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()

    document = json.loads(badge_in(tmp_path))
    proof = document.pop("proof")
    signature = badge_proofs._multibase(proof.pop("proofValue"))
    key = badge_proofs._multibase(proof["verificationMethod"].partition("#")[2])
    assert document["issuer"]["id"] == proof["verificationMethod"].partition("#")[0]
    hashed = sha256(canonical(proof)).digest() + sha256(canonical(document)).digest()
    Ed25519PublicKey.from_public_bytes(key[2:]).verify(signature, hashed)


def test_not_one_byte_may_be_changed(tmp_path: Path) -> None:
    made, keys = badge_in(tmp_path), badge_keys.public_keys(tmp_path)
    whole, data = json.loads(made), made.encode()
    for at in range(0, len(data), 3):
        forged = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
        text = forged.decode(errors="replace")
        try:
            if json.loads(text) == whole:
                continue  # a space became another space
        except ValueError:
            pass
        with pytest.raises(BadBadge):
            badge_files.verify(text, keys, LATER)


@pytest.mark.parametrize(
    "change",
    [
        lambda badge: badge.pop("proof"),
        lambda badge: badge.update(proof=[badge["proof"]]),
        lambda badge: badge["proof"].update(cryptosuite="eddsa-rdfc-2022"),
        lambda badge: badge["proof"].update(proofValue=7),
        lambda badge: badge["proof"].update(proofValue="z0OIl"),
        lambda badge: badge["proof"].update(verificationMethod=f"did:key:{KEY}#{KEY}"),
        lambda badge: badge["proof"].update(verificationMethod="https://a.example/keys/1"),
        lambda badge: badge.update(more=1.5),
        lambda badge: badge.update(name="\ud800"),
    ],
)
def test_what_is_no_proof_is_refused(tmp_path: Path, change) -> None:
    badge = json.loads(badge_in(tmp_path))
    change(badge)
    with pytest.raises(BadBadge):
        badge_files.verify(json.dumps(badge), badge_keys.public_keys(tmp_path), LATER)


def test_a_name_that_stands_twice_and_endless_nesting_are_refused(tmp_path: Path) -> None:
    made, keys = badge_in(tmp_path), badge_keys.public_keys(tmp_path)
    with pytest.raises(BadBadge, match="twice"):
        badge_files.verify(made.replace("{", '{"name": "other",', 1), keys, LATER)
    with pytest.raises(BadBadge):
        badge_files.verify('{"a":' * 9000, keys, LATER)


def test_a_stranger_or_one_who_signs_in_our_name_is_refused(tmp_path: Path) -> None:
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    badge_in(ours)
    keys = badge_keys.public_keys(ours)
    with pytest.raises(BadBadge, match="not signed by a key"):
        badge_files.verify(badge_in(theirs), keys, LATER)
    both = {"keys": [*keys["keys"], *badge_keys.public_keys(theirs)["keys"]]}
    document = json.loads(badge_in(ours))
    document.pop("proof")
    forged = badge_files.secured(document, badge_keys.signing_key(theirs), AT)
    with pytest.raises(BadBadge, match="somebody else"):
        badge_files.verify(forged, both, LATER)


def test_signed_but_no_badge_or_not_valid_yet(tmp_path: Path) -> None:
    key, keys = badge_keys.signing_key(tmp_path), badge_keys.public_keys(tmp_path)
    claim = {"@context": [], "type": [], "issuer": {"id": badge_proofs.did_key(key)}}
    with pytest.raises(BadBadge, match="not an Open Badge"):
        badge_files.verify(badge_files.secured(claim, key, AT), keys, LATER)
    with pytest.raises(BadBadge, match="not valid yet"):
        badge_files.verify(badge_in(tmp_path), keys, AT - timedelta(seconds=1))
