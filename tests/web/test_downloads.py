"""Files made for one person: who gets them, and in which headers."""

from __future__ import annotations

from portal.web.downloads import file_headers, url
from tests.web.site import Site


def test_a_visitor_is_shown_to_sign_in_and_an_unknown_file_is_not_there(site: Site) -> None:
    site.add_person("dl1")
    with site.client() as visitor:
        away = visitor.get("/download/nothing?u=1", headers={"accept": "text/html"})
        assert away.status_code == 303
        assert away.headers["location"] == "/account/login"
    with site.client(site.cookies("dl1")) as browser:
        assert browser.get("/download/nothing").status_code == 404
        assert browser.get("/download/").status_code == 404
        assert browser.get("/download/nothing/more").status_code == 404


def test_a_chinese_name_survives_and_a_bad_one_breaks_nothing() -> None:
    headers = file_headers("望江街道 报告.xlsx")
    assert headers["Content-Disposition"] == (
        'attachment; filename="xlsx"; '
        "filename*=UTF-8''%E6%9C%9B%E6%B1%9F%E8%A1%97%E9%81%93%20%E6%8A%A5%E5%91%8A.xlsx"
    )
    assert headers["Cache-Control"] == "no-store"
    broken = file_headers('a"\r\nSet-Cookie: x/../y')["Content-Disposition"]
    assert "\r" not in broken and "\n" not in broken and broken.count('"') == 2
    assert url("units", u="3", q="", d="2026-01-01") == "/download/units?u=3&d=2026-01-01"
