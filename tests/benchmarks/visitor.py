"""A visitor that speaks Streamlit's protocol: protobuf messages over the page's WebSocket.

It opens a page as a browser does, keeps the widgets that the script sent, and then reruns, turns
pages or answers, waiting each time for the end of the run it caused. It draws nothing, so that a
few hundred of them fit beside the server on one machine.
"""

from __future__ import annotations

import asyncio
import random
import time
from dataclasses import dataclass, field

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

TIMEOUT_S = 60
CACHED_MESSAGES = 32  # as many as a browser keeps
VALUE_FIELD = {"radio": "string_value", "checkbox": "bool_value", "text_input": "string_value"}


@dataclass(frozen=True, slots=True)
class Widget:
    """One widget as the page shows it."""

    kind: str
    id: str
    label: str
    options: tuple[str, ...]
    fragment_id: str
    disabled: bool


class WentWrong(Exception):
    """The page showed an exception, or sent the visitor away."""


@dataclass
class Visitor:
    """One open page of one signed-in person (``cookie``); ``origin`` like http://localhost:8501."""

    origin: str
    cookie: str = ""
    query: str = ""
    rng: random.Random = field(default_factory=random.Random)
    widgets: dict[tuple[int, ...], Widget] = field(default_factory=dict)
    values: dict[str, tuple[str, object]] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)

    async def open(self, page: str = "") -> float:
        """Connect and show ``page``; return how long it took in seconds."""
        self._cache: dict[str, bytes] = {}
        self._page_hash = ""
        began = time.perf_counter()
        self._socket = await websockets.connect(
            self.origin.replace("http", "ws", 1) + "/_stcore/stream",
            additional_headers={"Cookie": self.cookie} if self.cookie else {},
            origin=websockets.Origin(self.origin),
            subprotocols=[websockets.Subprotocol("streamlit")],
            max_size=None,
            compression=None,
            ping_interval=None,
            open_timeout=TIMEOUT_S,
        )
        await self._send(page_name=page)
        return time.perf_counter() - began

    async def close(self) -> None:
        await self._socket.close()

    async def rerun(self) -> float:
        """The whole script again, nothing changed."""
        return await self._send()

    async def press(self, label: str) -> float | None:
        """Press the button whose label holds ``label``; None when the page has none."""
        found = [w for w in self._of("button") if label in w.label and not w.disabled]
        if not found:
            return None
        return await self._send(found[0].fragment_id, trigger=found[0].id)

    async def begin(self) -> None:
        """From a quiz's first page into its questions, also for who has taken it before."""
        for label in ("开始作答", "再做一次"):
            if await self.press(label) is not None:
                return

    async def answer(self) -> float | None:
        """Change an answer: another radio option, a tick, another text."""
        found = self.questions()
        if not found:
            return None
        widget = self.rng.choice(found)
        self.values[widget.id] = (VALUE_FIELD[widget.kind], self._other(widget))
        return await self._send(widget.fragment_id)

    def questions(self) -> list[Widget]:
        """The inputs of questions: they stand in fragments, other widgets do not."""
        found = self._of("radio") or self._of("checkbox") or self._of("text_input")
        return [widget for widget in found if widget.fragment_id and not widget.disabled]

    def _of(self, kind: str) -> list[Widget]:
        return [widget for widget in self.widgets.values() if widget.kind == kind]

    def _other(self, widget: Widget) -> object:
        now = self.values.get(widget.id, ("", None))[1]
        if widget.kind == "radio":
            return self.rng.choice([option for option in widget.options if option != now])
        return not now if widget.kind == "checkbox" else f"{self.rng.randrange(1000)}"

    async def _send(self, fragment_id: str = "", trigger: str = "", page_name: str = "") -> float:
        began = time.perf_counter()
        await self._socket.send(self._message(fragment_id, trigger, page_name))
        await asyncio.wait_for(self._until_finished(), TIMEOUT_S)
        return time.perf_counter() - began

    def _message(self, fragment_id: str, trigger: str, page_name: str) -> bytes:
        message = BackMsg()
        run = message.rerun_script
        run.query_string = self.query
        run.page_script_hash = self._page_hash
        run.page_name = page_name
        run.fragment_id = fragment_id
        run.context_info.timezone = "Asia/Shanghai"
        run.context_info.locale = "zh-CN"
        run.context_info.url = self.origin
        for widget_id, (name, value) in self.values.items():
            state = run.widget_states.widgets.add()
            state.id = widget_id
            setattr(state, name, value)
        if trigger:
            state = run.widget_states.widgets.add()
            state.id, state.trigger_value = trigger, True
        run.cached_message_hashes.extend(self._cache)
        return message.SerializeToString()

    async def _until_finished(self) -> None:
        fresh: dict[tuple[int, ...], Widget] = {}
        in_fragment = False
        while True:
            message = self._uncached(await self._socket.recv())
            match message.WhichOneof("type"):
                case "delta":
                    self._see(message, fresh)
                case "new_session":
                    self._page_hash = message.new_session.page_script_hash or self._page_hash
                    in_fragment = bool(message.metadata.run.fragment_ids)
                    fresh = {}
                case "navigation":
                    self._page_hash = message.navigation.page_script_hash or self._page_hash
                case "page_info_changed":
                    self.query = message.page_info_changed.query_string
                case "auth_redirect":
                    raise WentWrong(f"sent to {message.auth_redirect.url}")
                case "script_finished":
                    if message.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                        continue
                    self.widgets = {**self.widgets, **fresh} if in_fragment else fresh
                    return

    def _uncached(self, data: bytes | str) -> ForwardMsg:
        message = ForwardMsg()
        assert isinstance(data, bytes)
        message.ParseFromString(data)
        if message.WhichOneof("type") == "ref_hash":
            whole = ForwardMsg()
            whole.ParseFromString(self._cache[message.ref_hash])
            whole.metadata.CopyFrom(message.metadata)
            return whole
        if message.metadata.cacheable and message.hash:
            self._cache[message.hash] = data
            while len(self._cache) > CACHED_MESSAGES:
                self._cache.pop(next(iter(self._cache)))
        return message

    def _see(self, message: ForwardMsg, fresh: dict[tuple[int, ...], Widget]) -> None:
        delta = message.delta
        if delta.WhichOneof("type") != "new_element":
            return
        kind = delta.new_element.WhichOneof("type")
        element = getattr(delta.new_element, kind)
        if kind == "exception":
            raise WentWrong(f"{element.type}: {element.message}")
        if kind in ("markdown", "text", "alert"):
            self.texts.append(element.body)
        if kind not in ("radio", "checkbox", "text_input", "button"):
            return
        options = tuple(
            option if isinstance(option, str) else option.content
            for option in getattr(element, "options", ())
        )
        fresh[tuple(message.metadata.delta_path)] = Widget(
            kind, element.id, element.label, options, delta.fragment_id, element.disabled
        )
