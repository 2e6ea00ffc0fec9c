"""Which language a visitor reads."""

from __future__ import annotations

import pytest

from portal.web.language import choose


@pytest.mark.parametrize(
    ("cookie", "header", "language"),
    [
        ("", "", "zh"),
        ("", "en", "en"),
        ("", "en-GB,en;q=0.9,zh;q=0.8", "en"),
        ("", "zh-Hans-CN, en;q=0.5", "zh"),
        ("", "en;q=0.2, zh;q=0.7", "zh"),
        ("", "fr, de;q=0.9", "zh"),
        ("", "en;q=0", "zh"),
        ("", "en;q=much", "zh"),
        ("", ";;,,en", "en"),
        ("zh", "en", "zh"),
        ("en", "zh", "en"),
        ("xx", "en", "en"),
    ],
)
def test_choose(cookie: str, header: str, language: str) -> None:
    assert choose({"portal_lang": cookie} if cookie else {}, header) == language
