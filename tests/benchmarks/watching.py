"""A visitor whose page lives on by itself, as a browser's does between clicks.

Fragments with ``run_every`` are asked for again on the timer that the server set; what arrives is
read at once, whoever caused it, and every text is kept with the moment at which it came.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import ConnectionClosed

from tests.benchmarks.visitor import TIMEOUT_S, Visitor, WentWrong, Widget

_TEXTS = {
    "markdown": "body",
    "alert": "body",
    "html": "body",
    "heading": "body",
    "progress": "text",
    "button": "label",
    "text_input": "label",
}


@dataclass
class Watching(Visitor):
    """``errors`` holds what went wrong on the page; ``looks`` counts the timers' requests."""

    errors: list[str] = field(default_factory=list)
    looks: int = 0
    runs: int = 0

    async def open(self, page: str = "") -> float:
        """Connect, show ``page`` and live on; return how long it took in seconds."""
        self._timers: dict[str, asyncio.Task[None]] = {}
        self._shown: dict[tuple[int, ...], str] = {}
        self._came: dict[str, float] = {}
        self._changed = asyncio.Condition()
        self._finished = 0
        self._in_fragment = self._in_run = False
        self._ended_at = 0.0
        self._fresh: dict[tuple[int, ...], Widget] = {}
        self._reader: asyncio.Task[None] | None = None
        return await super().open(page)

    async def close(self) -> None:
        self._stop_timers()
        await super().close()
        if self._reader is not None:
            self._reader.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._reader

    async def sees(self, words: str, seconds: float = TIMEOUT_S) -> float:
        """Wait until the page shows ``words``; return when that was (``time.perf_counter``)."""
        return await asyncio.wait_for(self._until(lambda: self._moment_of(words)), seconds)

    async def loses(self, words: str, seconds: float = TIMEOUT_S) -> float:
        """Wait until a run has ended without ``words``; return when that was."""

        def moment() -> float | None:
            return None if self._moment_of(words) or self._in_run else self._ended_at

        return await asyncio.wait_for(self._until(moment), seconds)

    def type(self, label: str, text: str) -> None:
        """Write into the field whose label holds ``label``; sent with the next click."""
        widget = next(one for one in self._of("text_input") if label in one.label)
        self.values[widget.id] = ("string_value", text)

    def choose(self, at: int) -> None:
        """Choose an option of the page's first radio."""
        widget = self._of("radio")[0]
        self.values[widget.id] = ("string_value", widget.options[at % len(widget.options)])

    def tell(self) -> str:
        """Everything on the page, for a person who wonders why."""
        return "\n".join(self._shown.values())

    # Private methods

    async def _send(self, fragment_id: str = "", trigger: str = "", page_name: str = "") -> float:
        began, before = time.perf_counter(), self._finished
        await self._socket.send(self._message(fragment_id, trigger, page_name))
        if self._reader is None:
            self._reader = asyncio.create_task(self._read())
        await asyncio.wait_for(
            self._until(lambda: 1.0 if self._finished > before else None), TIMEOUT_S
        )
        return time.perf_counter() - began

    async def _until(self, found: Callable[[], float | None]) -> float:
        async with self._changed:
            while (got := found()) is None:
                await self._changed.wait()
            return got

    async def _read(self) -> None:
        try:
            while True:
                message = self._uncached(await self._socket.recv())
                self._take(message)
                async with self._changed:
                    self._changed.notify_all()
        except WentWrong as wrong:
            self.errors.append(str(wrong))
        except ConnectionClosed:
            self._stop_timers()

    def _take(self, message: ForwardMsg) -> None:
        match message.WhichOneof("type"):
            case "delta":
                self._see(message, self._fresh)
            case "new_session":
                self._page_hash = message.new_session.page_script_hash or self._page_hash
                self._fresh = {}
                if not message.metadata.run.fragment_ids:
                    self._stop_timers()
                    self._shown = {}
                self._in_run = True
                self._in_fragment = bool(message.metadata.run.fragment_ids)
            case "navigation":
                self._page_hash = message.navigation.page_script_hash or self._page_hash
            case "page_info_changed":
                self.query = message.page_info_changed.query_string
            case "auth_redirect":
                raise WentWrong(f"sent to {message.auth_redirect.url}")
            case "auto_rerun":
                timer = message.auto_rerun
                self._start_timer(timer.fragment_id, timer.interval)
            case "stop_auto_rerun":
                for fragment_id in message.stop_auto_rerun.fragment_ids:
                    self._stop_timer(fragment_id)
            case "script_finished":
                self.runs += 1
                self._in_run, self._ended_at = False, time.perf_counter()
                if message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                    old = self.widgets if self._in_fragment else {}
                    self.widgets = {**old, **self._fresh}
                    self._finished += 1

    def _see(self, message: ForwardMsg, fresh: dict[tuple[int, ...], Widget]) -> None:
        super()._see(message, fresh)
        if message.delta.WhichOneof("type") != "new_element":
            return
        kind = message.delta.new_element.WhichOneof("type") or ""
        if kind in _TEXTS:
            text = str(getattr(getattr(message.delta.new_element, kind), _TEXTS[kind]))
            self._shown[tuple(message.metadata.delta_path)] = text
            self._came[text] = time.perf_counter()

    def _moment_of(self, words: str) -> float | None:
        found = [self._came[text] for text in self._shown.values() if words in text]
        return min(found, default=None)

    def _start_timer(self, fragment_id: str, interval: float) -> None:
        self._stop_timer(fragment_id)
        self._timers[fragment_id] = asyncio.create_task(self._look_every(fragment_id, interval))

    def _stop_timer(self, fragment_id: str) -> None:
        timer = self._timers.pop(fragment_id, None)
        if timer is not None:
            timer.cancel()

    def _stop_timers(self) -> None:
        for fragment_id in list(self._timers):
            self._stop_timer(fragment_id)

    async def _look_every(self, fragment_id: str, interval: float) -> None:
        while True:
            await asyncio.sleep(interval)
            message = BackMsg()
            message.ParseFromString(self._message(fragment_id, "", ""))
            message.rerun_script.is_auto_rerun = True
            self.looks += 1
            try:
                await self._socket.send(message.SerializeToString())
            except ConnectionClosed:
                return
