"""What a chart on a page is given is what the file of its report holds."""

from __future__ import annotations

import asyncio
import csv
import io
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.benchmarks.visitor import Visitor, Widget
from tests.browser.conftest import Visit
from tests.browser.site import Site
from tests.browser.test_managers import result_of

Rows = list[dict[str, Any]]


@dataclass
class Looker(Visitor):
    """A visitor that keeps the charts of a page: their rows and their specs."""

    charts: list[tuple[Rows, dict[str, Any]]] = field(default_factory=list)

    def _see(self, message: ForwardMsg, fresh: dict[tuple[int, ...], Widget]) -> None:
        super()._see(message, fresh)
        element = message.delta.new_element
        if element.WhichOneof("type") == "vega_lite_chart":
            chart = element.vega_lite_chart
            [given] = chart.datasets  # the rows travel with the spec that is kept
            table = pa.ipc.open_stream(given.data.data).read_all()
            self.charts.append((table.to_pylist(), json.loads(chart.spec)))


def charts(site: Site, cookie: str, page: str) -> list[tuple[Rows, dict[str, Any]]]:
    async def look() -> list[tuple[Rows, dict[str, Any]]]:
        looker = Looker(site.url, cookie)
        await looker.open(page)
        await looker.close()
        return looker.charts

    with ThreadPoolExecutor(1) as thread:  # Playwright's event loop holds this one
        return thread.submit(asyncio.run, look()).result()


def percent(share: float | None) -> str:
    return "—" if share is None else f"{share:.1%}"


def test_charts_draw_the_rows_of_the_files(visit: Visit, site: Site) -> None:
    result_of(visit, "lin")
    browser = visit("chief", "/account", phone=False)
    [cookie] = [c for c in browser.context.cookies() if c["name"] == "portal_session"]

    def drawn(page: str) -> list[tuple[Rows, dict[str, Any]]]:
        return charts(site, f"portal_session={cookie['value']}", page)

    def file(name: str) -> Rows:
        address = f"{site.url}/download/{name}?u={site.ids['county']}&form=csv"
        text = browser.request.get(address).body().decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(text)))

    # no task is due in this town: both pages show the courses of the posts
    units = {row["单位"]: (row["应学完成率"], row["人数"]) for row in file("units")}
    assert set(units) == {"望江街道", "槐荫街道"}
    overview, compared, results = drawn("overview"), drawn("units"), drawn("results")
    assert bars(overview[0]) == bars(compared[0]) == units
    courses = {row["课程"]: (row["学完率"], row["开始学"]) for row in file("courses")}
    assert bars(results[0]) == courses
    lines, _ = overview[1]
    passed = [percent(row["rate"]) for row in lines if row["series"] == "测验通过率"]
    assert passed == [row["测验通过率"] for row in file("months")]


def test_a_course_that_is_chosen_in_the_chart_shows_its_questions(visit: Visit) -> None:
    page = visit("chief", "/results", phone=False)
    chart = page.locator("[data-testid=stVegaLiteChart] canvas, [data-testid=stVegaLiteChart] svg")
    chart.first.wait_for()
    box = chart.first.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] * 0.9, box["y"] + 12)  # the first row, beside its bar
    page.get_by_role("heading", name="最难的题").wait_for()


def bars(chart: tuple[Rows, dict[str, Any]]) -> dict[str, tuple[str, str]]:
    """A bar's words, as the chart writes them, and its number of people."""
    rows, spec = chart
    assert '".1%"' in json.dumps(spec)  # the digits that the file has
    return {row["unit"]: (percent(row["value"]), str(row["staff"])) for row in rows}
