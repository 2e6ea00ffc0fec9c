"""The address in a room's QR code is one that phones reach."""

from __future__ import annotations

import pytest
import segno
import zxingcpp
from PIL import Image

from portal.web.tabletop.entrance import join_address


@pytest.mark.parametrize(
    ("base_url", "page_url", "expected"),
    [
        (
            "https://xuetang.example.gov.cn",
            "http://10.0.0.5:8501/tabletop_lead?r=3&s=1",
            "https://xuetang.example.gov.cn/tabletop?code=ACDEFG",
        ),
        (
            "",
            "http://10.0.0.5:8501/tabletop_lead?r=3",
            "http://10.0.0.5:8501/tabletop?code=ACDEFG",
        ),
    ],
)
def test_the_public_address_goes_before_the_one_the_page_was_opened_by(
    base_url: str, page_url: str, expected: str
) -> None:
    assert join_address(base_url, page_url, "ACDEFG") == expected


def test_a_scanner_reads_the_address() -> None:
    address = join_address("https://xuetang.example.gov.cn", "", "ACDEFG")
    rows = list(segno.make(address, error="m").matrix_iter(scale=4, border=4))
    image = Image.new("L", (len(rows[0]), len(rows)))
    image.putdata([255 * (1 - dark) for row in rows for dark in row])
    assert [one.text for one in zxingcpp.read_barcodes(image)] == [address]
