"""The editor as a component of the page: its script and style are files of the portal's own.

Streamlit serves a component's files only for packages that it finds installed. The portal runs
from its folder as well, so it says itself where they are. Inline scripts, the other way, would
need an exception in the content security policy.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.components.v2.manifest_scanner import ComponentConfig, ComponentManifest
from streamlit.runtime import Runtime

NAME = "portal.editor"
_PORTAL = Path(__file__).parents[2]


def mount(key: str, data: Mapping[str, Any], on_edit: Callable[[], None]) -> dict[str, Any]:
    """Show the editor with ``data`` (see ``editor.js``); what it last sent: ``edit`` and ``line``.

    ``on_edit`` is called before a run that brings an edit. After a reconnect it is not: look at
    what is returned as well.

    Values come from a browser: nothing in them is checked here.
    """
    _announce()
    result = _component()(key=key, data=dict(data), on_edit_change=on_edit, on_line_change=_nothing)
    return {"edit": result.get("edit"), "line": result.get("line")}


# Private functions


def _announce() -> None:
    """Tell this runtime where the component's files are, once."""
    # hidden, and kept from breaking unnoticed by tests/browser/test_workspace.py
    manager = Runtime.instance().bidi_component_registry
    if manager.get_component_asset_root(NAME) is None:
        name, _, part = NAME.partition(".")
        config = ComponentConfig(part, "web/components/editor")
        manager.register_from_manifest(ComponentManifest(name, "1", [config]), _PORTAL)


@cache
def _component() -> Any:
    return st.components.v2.component(NAME, js="editor.js", css="editor.css")


def _nothing() -> None:
    """Where the caret stands is read in the run itself."""
