"""How people get into a room: its code, and the QR code of the address that takes them there."""

from __future__ import annotations

from urllib.parse import urlsplit

import segno
import streamlit as st

from portal.actions.tabletop_views import RoomView
from portal.web import session
from portal.web.session import t

_THIS_MACHINE = ("localhost", "127.0.0.1", "[::1]")


def show(view: RoomView, *, is_large: bool = False) -> None:
    """The QR code, and beside it code and address for those who type; ``is_large``: to a hall."""
    address = join_address(
        session.portal().settings.base_url, st.context.url or "", view.glance.code
    )
    page = address.partition("?")[0]
    left, right = st.columns([3, 2], vertical_alignment="center")
    with left, st.container(key="room-code"):
        st.markdown(t("tabletop.code_is", page=page.partition("://")[2]))
        st.markdown(f"# {view.glance.code}")
        if urlsplit(page).netloc.startswith(_THIS_MACHINE):
            st.warning(t("tabletop.this_machine"))
    with right:
        image = segno.make(address, error="m").svg_inline(scale=8, border=4, light="white")
        st.image(image, width=480 if is_large else 260)


def join_address(base_url: str, page_url: str, code: str) -> str:
    """Where a phone joins: at the public address where one is set, else where this page is."""
    here = urlsplit(page_url)
    return f"{base_url or f'{here.scheme}://{here.netloc}'}/tabletop?code={code}"
