"""Of an uploaded picture only the pixels are taken over, and nothing else is a picture."""

from __future__ import annotations

import contextlib
import struct
import zlib
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from portal.content.images import BadImage, Picture, read_picture, safe_name
from portal.core.content_paths import is_asset

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><circle r="4"/></svg>'
HIDDEN = b"<script>alert(1)</script>PK\x03\x04evil %PDF-1.7 GPS"


def image(form: str = "PNG", size: tuple[int, int] = (40, 30), **options: object) -> bytes:
    out = BytesIO()
    Image.new("RGB", size, "#1d4e89").save(out, form, **options)
    return out.getvalue()


@pytest.mark.parametrize(
    ("form", "ending"), [("PNG", "png"), ("JPEG", "jpg"), ("WEBP", "webp"), ("GIF", "png")]
)
def test_pictures_are_known_by_content_and_made_anew(form: str, ending: str) -> None:
    made = read_picture(image(form))
    assert made.ending == ending
    with Image.open(BytesIO(made.content)) as again:
        assert again.size == (40, 30)


@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "WEBP"])
def test_what_hides_behind_a_picture_stays_behind(form: str) -> None:
    made = read_picture(image(form) + HIDDEN)
    assert b"script" not in made.content
    assert b"PK\x03\x04" not in made.content


def test_what_a_camera_noted_stays_behind_and_the_picture_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x010E] = "somewhere secret"
    made = read_picture(image("JPEG", exif=exif))
    with Image.open(BytesIO(made.content)) as again:
        assert again.size == (30, 40)
        assert not dict(again.getexif())
    assert b"secret" not in made.content


def test_large_pictures_are_made_smaller() -> None:
    made = read_picture(image("JPEG", (5000, 100)))
    with Image.open(BytesIO(made.content)) as again:
        assert again.size == (2400, 48)


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    bomb = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(10)))
    with pytest.raises(BadImage) as refused:
        read_picture(bomb)
    assert refused.value.reason == "size"


def test_an_animation_stays_one_and_may_not_be_endless() -> None:
    frames = [Image.new("RGB", (8, 8), (n, 2 * n, 255 - n)) for n in range(120)]
    out = BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:5])
    made = read_picture(out.getvalue())
    with Image.open(BytesIO(made.content)) as again:
        assert getattr(again, "n_frames", 1) == 5
    out = BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    with pytest.raises(BadImage):
        read_picture(out.getvalue())


def test_an_svg_is_checked() -> None:
    assert read_picture(SVG) == Picture(SVG, "svg")
    with pytest.raises(BadImage) as refused:
        read_picture(SVG.replace(b"<circle", b'<circle onclick="x()"'))
    assert refused.value.reason == "svg"


@pytest.mark.parametrize(
    "content", [b"", b"%PDF-1.7", b"<html><body>x</body></html>", b"PK\x03\x04", image()[:60]]
)
def test_other_things_and_damaged_pictures_are_refused(content: bytes) -> None:
    with pytest.raises(BadImage):
        read_picture(content)


@pytest.mark.parametrize(
    ("given_name", "name"),
    [
        ("阀门 照片.PNG", "阀门-照片.png"),
        ("../../etc/passwd", "passwd.png"),
        ("..\\..\\boot.ini", "boot.png"),
        ("valve.php.png", "valve.png"),
        ("valve.png\0.jpg", "valve.png"),
        ("a%2e%2e%2fb.png", "a-2e-2e-2fb.png"),
    ],
)
def test_names_are_cleaned(given_name: str, name: str) -> None:
    assert safe_name(given_name, Picture(b"x", "png")) == name


@pytest.mark.parametrize("given_name", ["", ".htaccess", "con.png", "‮gnp.exe", "-", "😀.png", "/"])
def test_a_name_of_which_nothing_is_left_comes_from_the_content(given_name: str) -> None:
    name = safe_name(given_name, Picture(b"x", "png"))
    assert is_asset(f"courses/one/assets/{name}")
    assert name.endswith(".png")


@given(st.text(max_size=200))
@settings(max_examples=80)
def test_any_name_becomes_a_safe_one(given_name: str) -> None:
    assert is_asset(f"courses/one/assets/{safe_name(given_name, Picture(b'x', 'png'))}")


@given(st.binary(max_size=300), st.sampled_from(["PNG", "GIF", "JPEG", "WEBP"]))
@settings(max_examples=60)
def test_any_bytes_behind_a_signature_are_a_picture_or_refused(tail: bytes, form: str) -> None:
    with contextlib.suppress(BadImage):
        read_picture(image(form)[:40] + tail)
