"""What the pages of reports share: the day, the way through the units, table twins, files.

Values are shown by ``words``, to the digits to which a report has rounded them; charts are given
the same rows. So a chart, its table twin and the file of a report agree.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from datetime import date
from typing import Any, TypeVar

import pyarrow as pa
import streamlit as st

from portal.actions import reports
from portal.actions.errors import Refused
from portal.actions.reports import Ask, UnitView
from portal.core.report_table import Column, Kind, Table, text_of
from portal.web import data, dates, downloads, places, render, session, unit_way
from portal.web.session import t

T = TypeVar("T")


def asked(**more: Any) -> Ask:
    """What the page's address asks for: ``?u=<unit id>&d=<day>``. Raises Refused."""
    day = st.query_params.get("d") or None
    if day is not None and reports.checked_day(session.portal(), day) == session.today():
        day = None
    return Ask(unit_id=places.number("u"), day=day, **more)


def refused(title: str, error: Refused) -> None:
    """The page of somebody who may not see it, or asked for what there is not."""
    st.title(title)
    st.warning(t(error.key, **error.args_by_name))


def figures(names: Sequence[str], ask: Ask) -> tuple[UnitView, dict[str, Table]]:
    """The unit and its reports, kept until anything changes. Raises Refused."""
    return prepared(names, ask, _as_they_are)


def prepared(
    names: Sequence[str], ask: Ask, prepare: Callable[[UnitView, dict[str, Table]], T]
) -> T:
    """What ``prepare`` makes of the unit and its reports, kept until anything changes.

    A page whose words and rows are made here has only to hand them on when it runs again.
    ``prepare`` may use what is given to it, the reader's language and ``ask``. Raises Refused.
    """
    me, portal = session.person(), session.portal()

    def make() -> T:
        unit = reports.find_unit(portal, me, ask.unit_id)
        return prepare(unit, reports.run_all(portal, me, names, ask))

    # the scope is part of the key: nobody is given what was worked out for another reach
    key = (prepare, *names, me.managed_paths, me.locale, ask, session.today())
    return data.figures(key, make)


def _as_they_are(unit: UnitView, found: dict[str, Table]) -> tuple[UnitView, dict[str, Table]]:
    return unit, found


def find_unit(ask: Ask) -> UnitView:
    """The unit that is asked for, or mine. Raises Refused."""
    me, portal = session.person(), session.portal()
    key = ("unit", me.managed_paths, me.locale, ask.unit_id)
    return data.figures(key, lambda: reports.find_unit(portal, me, ask.unit_id))


def head(page: str, unit: UnitView, ask: Ask) -> None:
    """The unit's name, the units above it, and the day, which can be changed."""
    name = render.escape(unit_way.name(unit))
    st.title(name if page == "overview" else f"{name} · {t(f'nav.{page}')}")
    today = session.today()
    # a container costs as much as what it holds: none for the day alone
    above = _row() if unit.above else nullcontext()
    with above:
        unit_way.links_up(page, unit, **_day(ask))
        chosen = st.date_input(
            t("report.as_at"),
            value=date.fromisoformat(ask.day or today),
            max_value=date.fromisoformat(today),
            format="YYYY-MM-DD",
            key=f"day-{page}-{ask.day}",
            width=170,
        )
    if isinstance(chosen, date) and chosen.isoformat() != (ask.day or today):
        _go_to(chosen)
    if ask.day is not None:
        st.info(t("report.past", day=session.day(date.fromisoformat(ask.day))))


def _row() -> Any:
    return st.container(horizontal=True, vertical_alignment="bottom")


def words(kind: Kind, value: Any) -> str:
    """A value as it is shown."""
    if kind == "day" and value is not None:
        return session.day(date.fromisoformat(value))
    return text_of(kind, value)


def shown(table: Table, row: Mapping[str, Any], key: str) -> str:
    """The value of a column of a row as it is shown."""
    column = next(column for column in table.columns if column.key == key)
    if key == "month":
        return dates.month(row[key], session.locale())
    return words(column.kind, row[key])


def column_name(key: str) -> str:
    """The heading of a column."""
    return t(f"report.column.{key}")


def twin(name: str, table: Table, keys: Sequence[str], limit: int | None = None) -> bool:
    """The table twin of a chart: folded, it costs nothing. Returns whether it is open."""
    is_open = st.toggle(t("common.table"), key=f"table-{name}")
    if is_open:
        show_table(table, keys, limit)
    return is_open


def show_table(table: Table, keys: Sequence[str], limit: int | None = None) -> None:
    """Some columns of a report as a table."""
    show_cells(cells(table, keys, limit))


def cells(table: Table, keys: Sequence[str], limit: int | None = None) -> pa.Table:
    """Some columns of a report as they are shown; by way of pandas it costs three times more."""
    return pa.table(
        {column_name(key): [_cell(table, row, key) for row in table.rows[:limit]] for key in keys}
    )


def show_cells(made: pa.Table) -> None:
    """What ``cells`` has made."""
    st.table(made, hide_index=True)


def named_apart(rows: Sequence[Mapping[str, Any]], key: str) -> list[dict[str, Any]]:
    """The rows with no two alike in ``key``: two units may have one name."""
    met: dict[str, int] = {}
    named = []
    for row in rows:
        name = str(row[key])
        met[name] = met.get(name, 0) + 1
        named.append({**row, key: name if met[name] == 1 else f"{name} ({met[name]})"})
    return named


def drill(page: str, event: Any, rows: Sequence[Mapping[str, Any]], ask: Ask) -> None:
    """A click on a bar opens that unit."""
    row = picked(event, rows, "unit")
    if row is not None and row["unit_id"] is not None:
        places.go(page, u=str(row["unit_id"]), **_day(ask))


def picked(event: Any, rows: Sequence[Mapping[str, Any]], key: str) -> dict[str, Any] | None:
    """The row whose bar was clicked; None when none was, or it is no longer there."""
    chosen = event.selection.get("unit", []) if event else []
    name = chosen[0].get("unit") if chosen else None
    return next((dict(row) for row in rows if row[key] == name), None)


def files(unit: UnitView, ask: Ask, *offered: tuple[str, str], **more: str) -> None:
    """One line of links to files: (report, form) each, of this unit and day."""
    st.markdown(file_links(unit, ask, *offered, **more))


def file_links(unit: UnitView, ask: Ask, *offered: tuple[str, str], **more: str) -> str:
    """The same as Markdown: every element of a page costs as much as ten lines of text."""
    links = [
        f"[{t(f'report.{name}.file')} {t(f'report.form.{form}')}]"
        f"({downloads.url(name, u=str(unit.id), form=form, **_day(ask), **more)})"
        for name, form in offered
    ]
    return f"{t('report.take_away')} " + " · ".join(links)


def chart(
    draw: Callable[..., dict[str, Any]],
    titles: Sequence[str],
    rows: pa.Table,
    alt: str,
    **options: Any,
) -> Any:
    """A chart of ``data.table(…)`` with its alternative text; ``titles`` are those of ``draw``."""
    return st.vega_lite_chart(spec=data.drawn(draw, tuple(titles), rows), alt=alt, **options)


def _cell(table: Table, row: Mapping[str, Any], key: str) -> str:
    column: Column = next(column for column in table.columns if column.key == key)
    text = shown(table, row, key)
    return render.escape(text) if column.kind == "text" and key != "month" else text


def _day(ask: Ask) -> dict[str, str]:
    return {"d": ask.day} if ask.day else {}


def _go_to(day: date) -> None:
    if day.isoformat() == session.today():
        st.query_params.pop("d", None)
    else:
        st.query_params["d"] = day.isoformat()
    st.rerun()
