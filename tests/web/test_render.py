"""What people and programs wrote, shown as words."""

from __future__ import annotations

import pytest

from portal.web import render


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("写 `依据:法规§条`。", "写 `依据:法规§条`。"),
        ("a_b `c_d`", "a\\_b `c_d`"),
        ("no partner ` here_", "no partner \\` here\\_"),
        ("two `` in a row", "two  in a row"),
        ("a link `x` [y](z)", "a link `x` \\[y\\]\\(z\\)"),
        ("a `line\nbreak`", "a `line break`"),
    ],
)
def test_only_what_stands_between_backticks_is_code(text: str, shown: str) -> None:
    assert render.escape_around_code(text) == shown
