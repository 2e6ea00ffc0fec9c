"""What people typed is kept as somebody else can read it."""

from __future__ import annotations

import pytest

from portal.core.typed import typed, typed_line

FAMILY = "\U0001f469\u200d\U0001f469\u200d\U0001f467"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  \n\t ",
        "\u200b\u200b",
        "\u202e\u2066\ufeff",
        "\u200d",
        "\ufe0f\u200c",
        "\x00\x07",
        "\ud800",
    ],
)
def test_nothing_to_see_is_nothing_said(text: str) -> None:
    assert typed(text) == "" == typed_line(text)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("住院\u202e，出院后补学", "住院，出院后补学"),
        ("a\x00b\x1b[31mc", "ab[31mc"),
        ("补\ud800学", "补学"),
        (FAMILY + "一家", FAMILY + "一家"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("e\u0301", "\u00e9"),
        ("一行\r\n二行\r三行", "一行\n二行\n三行"),
        ("  <b>=1+1</b> :red[x] $y$  ", "<b>=1+1</b> :red[x] $y$"),
    ],
)
def test_what_can_be_read_stays_as_it_was_meant(text: str, kept: str) -> None:
    assert typed(text) == kept


def test_a_line_is_one_line() -> None:
    assert typed_line(" 一\n\n二\t三 ") == "一 二 三"
