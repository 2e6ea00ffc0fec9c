"""The only cache: rendered Markdown by its text, figures by (revision, scope, …).

``st.cache_data`` is shared by everybody and any client can clear it, so it is not used. A figure's
key holds the database's revision: no write ever has to clear anything. Permission is checked by
the action *before* its result may be cached, and the scope is part of the key.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import TypeVar, cast

import pyarrow as pa

from portal.core import markdown
from portal.core.markdown import Block
from portal.web import running

T = TypeVar("T")


class _Recent:
    """A bounded least-recently-used mapping that many threads may use."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._lock = threading.Lock()
        self._items: OrderedDict[Hashable, object] = OrderedDict()

    def get(self, key: Hashable, build: Callable[[], T]) -> T:
        with self._lock:
            if key in self._items:
                self._items.move_to_end(key)
                return cast(T, self._items[key])
        built = build()  # outside the lock: two threads may build the same, neither waits
        with self._lock:
            self._items[key] = built
            while len(self._items) > self._size:
                self._items.popitem(last=False)
        return built


_rendered = _Recent(4000)
_figures = _Recent(400)
_specs = _Recent(100)
_personal = _Recent(2000)
_drawings = _Recent(200)


def blocks(source: str, course: str, locale: str, base: str = "") -> tuple[Block, ...]:
    """``source`` as blocks; kept by its text, course, language and the catalogue's fingerprint.

    ``base`` is where the course's files are found, unless that is where published ones are.
    """
    catalogue = running.portal().library.catalogue
    base = base or f"/content/{course}"
    return _rendered.get(
        ("blocks", source, base, locale, catalogue.fingerprint),
        lambda: markdown.render(source, base=base, statutes=catalogue.statutes, locale=locale),
    )


def plain(source: str) -> str:
    """``source`` without its markup."""
    return _rendered.get(("plain", source), lambda: markdown.plain(source))


def figures(key: tuple[Hashable, ...], build: Callable[[], T]) -> T:
    """``build()`` for the database's present revision; ``key`` names the figure and its scope."""
    revision = running.portal().db.revision()
    return _figures.get((revision, *key), build)


def personal(key: tuple[Hashable, ...], build: Callable[[], T]) -> T:
    """What one person alone is shown; ``key`` names the person and all that it depends on."""
    return _personal.get(key, build)


def chart(draw: Callable[..., dict[str, object]], *titles: str) -> dict[str, object]:
    """``draw(*titles)`` as a Vega-Lite spec, drawn once: Altair takes longer than a whole page."""
    return _specs.get((draw, titles), lambda: draw(*titles))


def table(points: list[dict[str, object]]) -> pa.Table:
    """A chart's rows as they travel to the browser; by way of pandas they cost three times more."""
    return pa.Table.from_pylist(points)


def drawing(spec: dict[str, object], rows: pa.Table) -> dict[str, object]:
    """A chart with its rows as they travel, to be kept with what it was made of.

    Handed to Streamlit as a spec alone; a table beside the spec is written out at every look, which
    costs as much as another element.
    """
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, rows.schema) as writer:
        writer.write_table(rows)
    written = sink.getvalue().to_pybytes()
    return {**spec, "data": {"name": "rows"}, "datasets": {"rows": written}}


def drawn(
    draw: Callable[..., dict[str, object]], titles: tuple[str, ...], rows: pa.Table
) -> dict[str, object]:
    """``drawing`` of rows that were made once and are shown often, kept for this very table."""
    # the table is kept beside its drawing, so that no other table can come by the same id
    key = (draw, titles, id(rows))
    return _drawings.get(key, lambda: (rows, drawing(chart(draw, *titles), rows)))[1]
