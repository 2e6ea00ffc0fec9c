from __future__ import annotations

import base64
import json
import stat
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from portal.core.badges import Badge, Issuer, claims, credential
from portal.exchange import badge_files, badge_keys
from portal.exchange.badge_files import BadBadge

AT = datetime(2026, 11, 26, 2, tzinfo=UTC)
LATER = AT + timedelta(days=1)


def token_in(data: Path) -> str:
    badge = Badge("0b5c6c1e-5a0e-4c38-9a52-3f3f8f1c7d11", "x", ("名", "Name"), ("", ""), AT, "s")
    document = credential(badge, "Q1", Issuer("https://a.example/i", "治理学堂"))
    return badge_files.sign(
        claims(document, AT), badge_keys.signing_key(data), "https://a.example/k/"
    )


def piece(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def packed(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def test_a_badge_is_verified_offline_and_tells_its_owner(tmp_path: Path) -> None:
    found = badge_files.verify(token_in(tmp_path), badge_keys.public_keys(tmp_path), LATER)
    assert found.name == "名 / Name" and found.awarded_at == AT
    assert found.belongs_to("Q1") and not found.belongs_to("Q2")


def test_another_library_agrees_about_the_signature(tmp_path: Path) -> None:
    header, payload, signature = token_in(tmp_path).split(".")
    [key] = badge_keys.public_keys(tmp_path)["keys"]
    public = Ed25519PublicKey.from_public_bytes(piece(key["x"]))
    public.verify(piece(signature), f"{header}.{payload}".encode())  # raises when it is wrong
    assert json.loads(piece(header)) == {
        "alg": "EdDSA",
        "kid": f"https://a.example/k/{key['kid']}",
        "typ": "JWT",
    }


def edited(token: str) -> str:
    header, payload, signature = token.split(".")
    return f"{header}.{packed({**json.loads(piece(payload)), 'name': 'other'})}.{signature}"


def without_signature(token: str) -> str:
    header, payload, _ = token.split(".")
    return f"{packed({**json.loads(piece(header)), 'alg': 'none'})}.{payload}."


@pytest.mark.parametrize(
    "forge",
    [
        edited,
        without_signature,
        lambda token: token[:-6],
        lambda token: token.replace(".", ""),
        lambda token: "",
        lambda token: "{}",
        lambda token: "a.b.c",
        lambda token: token + "x" * 70_000,
    ],
)
def test_what_was_changed_is_refused(tmp_path: Path, forge: Callable[[str], str]) -> None:
    forged = forge(token_in(tmp_path))
    with pytest.raises(BadBadge):
        badge_files.verify(forged, badge_keys.public_keys(tmp_path), LATER)


def test_a_stranger_who_brings_a_key_along_is_refused(tmp_path: Path) -> None:
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    badge_keys.signing_key(ours)
    with pytest.raises(BadBadge, match="not signed by a key"):
        badge_files.verify(token_in(theirs), badge_keys.public_keys(ours), LATER)
    with pytest.raises(BadBadge):
        badge_files.verify(token_in(theirs), {"keys": []}, LATER)


def test_signed_but_no_badge_or_not_valid_yet(tmp_path: Path) -> None:
    key = badge_keys.signing_key(tmp_path)
    keys = badge_keys.public_keys(tmp_path)
    for claim in ({}, {"type": ["OpenBadgeCredential"]}, []):
        with pytest.raises(BadBadge, match="not an Open Badge"):
            badge_files.verify(badge_files.sign(claim, key, ""), keys, LATER)  # type: ignore[arg-type]
    with pytest.raises(BadBadge, match="not valid yet"):
        badge_files.verify(token_in(tmp_path), keys, AT - timedelta(seconds=1))


def test_a_new_key_leaves_old_badges_valid_and_the_old_private_half_is_gone(tmp_path: Path) -> None:
    old_token = token_in(tmp_path)
    private = json.loads((tmp_path / "badge-keys" / "signing.json").read_text())["d"]
    old, new = badge_keys.rotate(tmp_path)
    keys = badge_keys.public_keys(tmp_path)
    assert [key["kid"] for key in keys["keys"]] == [new, old]
    assert badge_files.verify(old_token, keys, LATER).kid == old
    assert badge_files.verify(token_in(tmp_path), keys, LATER).kid == new
    for file in (tmp_path / "badge-keys").iterdir():
        assert private not in file.read_text()
    assert all("d" not in key for key in keys["keys"])


def test_the_key_is_made_once_and_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as several:
        made = set(several.map(lambda _: badge_keys.signing_key(tmp_path).thumbprint(), range(8)))
    assert len(made) == 1
    folder = tmp_path / "badge-keys"
    assert [file.name for file in folder.iterdir()] == ["signing.json"]
    assert stat.S_IMODE((folder / "signing.json").stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
