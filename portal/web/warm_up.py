"""Does before the first visitor what would make the first visitor wait.

Importing pandas and Altair takes a second, the first script run compiles the pages. What is
loaded then stays for good, so the garbage collector is told not to look at it again; and since
Streamlit's collection after each run is off, a timer collects instead.
"""

from __future__ import annotations

import asyncio
import gc
import importlib
import logging
from collections.abc import Iterable, Mapping

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime import Runtime
from streamlit.runtime.session_manager import ClientContext, SessionClient

_MODULES = ("pandas", "pyarrow", "altair", "streamlit.elements.vega_charts")
_FIRST_RUN_S = 30.0
_log = logging.getLogger(__name__)


async def warm_up() -> None:
    """Import, run the script once for nobody, and freeze. Never fails: it only saves time."""
    await asyncio.to_thread(_import_all)
    try:
        await asyncio.wait_for(_run_for_nobody(), _FIRST_RUN_S)
    except Exception:
        _log.exception("the first run of the pages failed")
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


def _import_all() -> None:
    for name in _MODULES:
        importlib.import_module(name)


async def _run_for_nobody() -> None:
    """One script run in a session without a person, as the gate would never let one in."""
    runtime = Runtime.instance()
    client = _Nobody(asyncio.get_running_loop())
    session_id = runtime.connect_session(client, user_info={})
    try:
        first = BackMsg()
        first.rerun_script.query_string = ""
        runtime.handle_backmsg(session_id, first)
        await client.finished.wait()
    finally:
        runtime.close_session(session_id)


class _NoRequest(ClientContext):
    @property
    def headers(self) -> Iterable[tuple[str, str]]:
        return ()

    @property
    def cookies(self) -> Mapping[str, str]:
        return {}

    @property
    def remote_ip(self) -> str | None:
        return None


class _Nobody(SessionClient):
    """A client that only waits for the end of the run."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self.finished = asyncio.Event()

    def write_forward_msg(self, msg: ForwardMsg) -> None:
        if msg.WhichOneof("type") == "script_finished":
            self._loop.call_soon_threadsafe(self.finished.set)

    @property
    def client_context(self) -> ClientContext:
        return _NoRequest()
