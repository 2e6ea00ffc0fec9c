"""The input of every question kind: shows what is saved, returns what the person has put in.

Each function returns a response as ``core.questions`` defines it, or None while nothing is chosen.
A widget's value is never trusted: the action checks it against the question again.

**Which value wins.** The browser keeps the widgets' values and sends them all to a fresh session
after a lost connection, so a click that a dying server never saw arrives with the next run and
is saved then. A page that merely *still shows* an old choice must not overwrite what the same
person answered meanwhile on another device: a ``Slot`` compares with what this page last knew.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from portal.core.drawing import gap_orders
from portal.core.questions import (
    Choice,
    Cloze,
    Essay,
    Gap,
    Matching,
    Numeric,
    Ordering,
    Question,
    Response,
    Short,
)
from portal.web import data, render, session
from portal.web.session import t

_UNSET: Any = object()
CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"


@dataclass(frozen=True, slots=True)
class Slot:
    """Where an answer's widgets keep their state on this page.

    ``trusted`` is false when the answer that is saved came from another device: then values that
    a reconnecting page brings along are stale, and what is saved is shown instead.
    """

    key: str
    trusted: bool = True

    def part(self, name: object) -> Slot:
        """The slot of one widget of several."""
        return Slot(f"{self.key}-{name}", self.trusted)

    def settle(self, saved: Any) -> None:
        """Show ``saved`` where this page only still shows something older."""
        known = session.recall(f"{self.key}~", _UNSET)
        stale_reconnect = known is _UNSET and not self.trusted
        left_alone = known is not _UNSET and known != saved and self._value() == known
        if stale_reconnect or left_alone:
            session.remember(self.key, saved)

    def know(self, value: Any) -> None:
        """Remember what the widget showed in this run."""
        session.remember(f"{self.key}~", value)

    def default(self, saved: Any, empty: Any) -> Any:
        """A widget's first value; once it lives in the page's state, that counts alone."""
        return saved if self._value() is _UNSET else empty

    def index(self, options: Sequence[Any], saved: Any) -> int | None:
        """The same for widgets that take the position of an option."""
        return options.index(saved) if self._value() is _UNSET and saved in options else None

    def value(self) -> Any:
        """What the widget holds now; None when it is not on the page."""
        return session.recall(self.key)

    def touched(self) -> bool:
        """Whether the widget holds something else than a run has seen."""
        known = session.recall(f"{self.key}~", _UNSET)
        return known is not _UNSET and self._value() not in (_UNSET, known)

    def _value(self) -> Any:
        return session.recall(self.key, _UNSET)


def ask(question: Question, slot: Slot, order: Sequence[int], saved: Any) -> Response | None:
    """Show the input for ``question`` and return the response in it (None: nothing yet)."""
    match question.body:
        case Choice(kind="multiple"):
            return _several(question.body, slot, order, saved)
        case Choice():
            return _one_of(question.body, slot, order, saved)
        case Short() | Numeric():
            return _line(question.body, slot, saved)
        case Essay():
            return _paragraphs(slot, saved)
        case Ordering():
            return _in_order(question.body, slot, order, saved)
        case Matching():
            return _pairs(question.body, slot, order, saved)
        case Cloze():
            return _gaps(question.body, slot, order, saved)


def held(question: Question, slot: Slot, order: Sequence[int], saved: Any) -> Response | None:
    """What the page's widgets hold beyond what they last showed; None when nobody touched them.

    A press that ends the page's view of a question (check, next) can arrive together with a
    change that no run has seen yet: callbacks save this first.
    """
    match question.body:
        case Choice(kind="multiple"):
            parts = [slot.part(position) for position in order]
            if not any(part.touched() for part in parts):
                return None
            return sorted(at for at, part in zip(order, parts, strict=True) if part.value())
        case Choice():
            return [slot.value()] if slot.touched() and slot.value() in order else None
        case Short() | Numeric() | Essay():
            return str(slot.value() or "") if slot.touched() else None
        case Matching():
            parts = [slot.part(left) for left in range(len(question.body.lefts))]
            picked = [part.value() if part.value() in order else None for part in parts]
            return picked if any(part.touched() for part in parts) else None
        case Cloze():
            parts = [slot.part(n) for n in range(len(question.body.gaps))]
            if not any(part.touched() for part in parts):
                return None
            return [str(part.value() or "") for part in parts]
        case Ordering():
            return None  # its arrows save at once


def _one_of(body: Choice, slot: Slot, order: Sequence[int], saved: Any) -> Response | None:
    chosen = saved[0] if saved else None
    slot.settle(chosen)
    locale = session.locale()
    labels = {at: render.label(body.options[at].text.in_(locale)) for at in order}
    value = st.radio(
        t("question.choose_one"),
        list(order),
        index=slot.index(order, chosen),
        format_func=labels.__getitem__,
        key=slot.key,
    )
    slot.know(value)
    return [value] if value in order else None


def _several(body: Choice, slot: Slot, order: Sequence[int], saved: Any) -> Response | None:
    st.caption(t("question.choose_several"))
    picked: list[int] = []
    for position in order:
        part = slot.part(position)
        was = position in (saved or ())
        part.settle(was)
        text = body.options[position].text.in_(session.locale())
        value = st.checkbox(render.label(text), value=part.default(was, False), key=part.key)
        part.know(value)
        if value:
            picked.append(position)
    return sorted(picked) if picked or saved is not None else None


def _line(body: Short | Numeric, slot: Slot, saved: Any) -> Response | None:
    if isinstance(body, Numeric):
        unit = render.label(body.unit.in_(session.locale()))
        label = t("question.type_number", unit=unit)
    else:
        label = t("question.type_text")
    value = _typed(label, slot, saved or "", 500)
    return value if value.strip() or saved is not None else None


def _typed(label: str, slot: Slot, saved: str, limit: int) -> str:
    slot.settle(saved)
    value = st.text_input(
        label,
        value=slot.default(saved, ""),
        key=slot.key,
        max_chars=limit,
        placeholder=t("question.type_placeholder"),
    )
    slot.know(value)
    return value or ""


def _paragraphs(slot: Slot, saved: Any) -> Response | None:
    slot.settle(saved or "")
    value = st.text_area(
        t("question.type_essay"),
        value=slot.default(saved or "", ""),
        key=slot.key,
        height=220,
        max_chars=10_000,
        placeholder=t("question.type_placeholder"),
    )
    slot.know(value)
    return value if value.strip() or saved is not None else None


def _in_order(body: Ordering, slot: Slot, order: Sequence[int], saved: Any) -> Response | None:
    """Rows with an up and a down arrow; each press is saved, so the order lives in the database."""
    now = list(saved or order)
    moved: list[int] | None = None
    st.caption(t("question.put_in_order"))
    for rank, position in enumerate(now):
        with st.container(
            horizontal=True, wrap=False, vertical_alignment="center", key=f"order-{slot.key}-{rank}"
        ):
            text = render.label(body.items[position].in_(session.locale()))
            st.markdown(f"{rank + 1}\\. {text}", width="stretch")
            for arrow, name, other in (("↑", "up", rank - 1), ("↓", "down", rank + 1)):
                if st.button(
                    arrow,
                    key=slot.part(f"{name}{rank}").key,
                    help=t(f"question.move_{name}", n=rank + 1),
                    disabled=not 0 <= other < len(now),
                ):
                    moved = _swapped(now, rank, other)
    if saved is None and st.button(t("question.order_is_right"), key=slot.part("keep").key):
        moved = now
    return moved if moved is not None else saved


def _swapped(items: list[int], one: int, other: int) -> list[int]:
    result = list(items)
    result[one], result[other] = result[other], result[one]
    return result


def _pairs(body: Matching, slot: Slot, order: Sequence[int], saved: Any) -> Response | None:
    chosen = saved or [None] * len(body.lefts)
    picked: list[int | None] = []
    for left, text in enumerate(body.lefts):
        part = slot.part(left)
        part.settle(chosen[left])
        value = st.selectbox(
            render.label(text.in_(session.locale())),
            list(order),
            index=part.index(order, chosen[left]),
            format_func=lambda i: data.plain(body.rights[i].in_(session.locale())),
            key=part.key,
            placeholder=t("question.choose"),
        )
        part.know(value)
        picked.append(value if value in order else None)
    return picked if saved is not None or any(p is not None for p in picked) else None


def _gaps(body: Cloze, slot: Slot, order: Sequence[int], saved: Any) -> Response | None:
    written = saved or [""] * len(body.gaps)
    orders = gap_orders(body, order)
    values = [
        _gap(gap, slot.part(n), orders[n], t("question.gap", mark=gap_mark(n)), written[n])
        for n, gap in enumerate(body.gaps)
    ]
    return list(values) if saved is not None or any(v.strip() for v in values) else None


def _gap(gap: Gap, slot: Slot, order: Sequence[int], label: str, written: str) -> str:
    """A typed gap, or a drop-down whose value is the Chinese text of the chosen entry."""
    if not gap.choices:
        return _typed(label, slot, written, 200)
    choices = [gap.choices[position] for position in order]
    shown = {choice.zh: data.plain(choice.in_(session.locale())) for choice in choices}
    options = list(shown)
    now = written if written in shown else None
    slot.settle(now)
    value = st.selectbox(
        label,
        options,
        index=slot.index(options, now),
        format_func=lambda choice: shown.get(choice, choice),
        key=slot.key,
        placeholder=t("question.choose"),
    )
    slot.know(value)
    return value or ""


def gap_mark(n: int) -> str:
    """The sign of the ``n``-th gap (0-based), as in the stem and beside its input."""
    return CIRCLED[n] if n < len(CIRCLED) else f"({n + 1})"
