"""Numbers of certificates, what is signed, and names half hidden."""

from __future__ import annotations

import random
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta

import pytest

from portal.core.certificates import (
    ALPHABET,
    EXPIRING,
    Certificate,
    new_number,
    read_number,
    shown,
    signed_text,
    state_of,
)
from portal.core.masking import masked

NOW = datetime(2026, 11, 26, tzinfo=UTC)
ONE = Certificate(
    "0", 7, "completion", "fire", "v", "先期处置", "First", "李敏", 3, "东一社区", "", "滨江区", "",
    None, "", 1.5, NOW, NOW + timedelta(days=365), NOW,
)  # fmt: skip


def test_numbers_are_what_was_drawn_and_a_check_symbol() -> None:
    # 2**36 mod 37 is 1 (Fermat), so 2**80 mod 37 is 2**8 mod 37 = 34, and three less is 31: "Z"
    assert new_number(lambda n: b"\xff" * (n - 1) + b"\xfd") == "Z" * 15 + "X" + "Z"
    rng = random.Random(1)
    numbers = {new_number(rng.randbytes) for _ in range(2000)}
    assert len(numbers) == 2000
    assert all(read_number(number) == number for number in numbers)
    assert all(len(number) == 17 and set(number) <= set(ALPHABET) for number in numbers)


def test_a_check_symbol_that_no_address_could_hold_is_drawn_again() -> None:
    draws = [(36).to_bytes(10, "big"), (33).to_bytes(10, "big"), (5).to_bytes(10, "big")]
    assert new_number(lambda _: draws.pop(0)) == "0" * 15 + "5" + "5"
    assert draws == []


NUMBER = new_number(random.Random(4).randbytes)
ZEROS = "0" * 15 + "11"


@pytest.mark.parametrize(
    "typed",
    [
        shown(NUMBER),
        shown(NUMBER).lower(),
        f"  {' '.join(NUMBER)}  ",
        shown(NUMBER).replace("-", "—"),
        "".join(chr(ord(sign) + 0xFEE0) for sign in NUMBER),  # full width
        NUMBER[:5] + "\u200b" + NUMBER[5:],
    ],
)
def test_typing_is_forgiven(typed: str) -> None:
    assert read_number(typed) == NUMBER


def test_look_alikes_are_read_as_digits() -> None:
    assert read_number("O" * 8 + "o" * 7 + "lI") == ZEROS


@pytest.mark.parametrize(
    "typed",
    [
        *("", NUMBER[:-1], NUMBER + "0", "U" + NUMBER[1:], "' OR 1=1 --", "<script>", "\x00"),
        *("٠" * 17, "0" * 100_000, "\ud800" * 17, "½" * 17),
    ],
)
def test_what_is_no_number_is_none(typed: str) -> None:
    assert read_number(typed) is None


def test_every_single_slip_and_every_swap_of_neighbours_is_caught() -> None:
    for at in range(len(NUMBER)):
        for sign in set(ALPHABET) - {NUMBER[at]}:
            assert read_number(NUMBER[:at] + sign + NUMBER[at + 1 :]) is None
    for at in range(15):
        a, b = NUMBER[at], NUMBER[at + 1]
        if a != b:
            assert read_number(NUMBER[:at] + b + a + NUMBER[at + 2 :]) is None


def test_every_field_is_signed() -> None:
    for field in fields(Certificate):
        value = getattr(ONE, field.name)
        other: object = "x" if isinstance(value, str) else 99
        if isinstance(value, datetime):
            other = value + timedelta(milliseconds=1)
        assert signed_text(replace(ONE, **{field.name: other})) != signed_text(ONE), field.name


def test_states() -> None:
    end = NOW + timedelta(days=100)
    days = {0: "valid", 69: "valid", 70: "expiring", 99: "expiring", 100: "expired"}
    for passed, state in days.items():
        assert state_of(end, NOW + timedelta(days=passed), revoked=False) == state
    assert timedelta(days=30) == EXPIRING
    assert state_of(None, NOW, revoked=False) == "valid"
    assert state_of(NOW, NOW, revoked=True) == "revoked"
    assert state_of(None, NOW, revoked=True, genuine=False) == "altered"


@pytest.mark.parametrize(
    ("name", "shown_as"),
    [
        ("李敏", "李*"),
        ("张晓明", "张*明"),
        ("欧阳娜娜", "欧**娜"),
        ("李", "*"),
        ("", "*"),
        ("  ", "*"),
        ("J", "*"),
        ("John Smith", "J*** S***"),
        ("Li", "L***"),
        ("买买提·艾山江", "买*提·艾*江"),
        ("阿 b", "* b***"),
        ("𠮷野家", "𠮷*家"),
        ("e\u0301mile", "é***"),
        ("\u202e李敏", "李*"),
        ("A B C D E F", "A*** B*** C*** D***"),
        ("<b>x", "<***"),
    ],
)
def test_names_are_half_hidden(name: str, shown_as: str) -> None:
    assert masked(name) == shown_as
