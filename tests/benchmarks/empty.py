"""The yardstick: an empty Streamlit page with the portal's own options, served the same way."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import streamlit as st

from portal import settings as portal_settings
from portal.web import options

SCRIPT = Path(__file__).with_name("empty_page.py")


def serve(port: int) -> None:
    """Serve the empty page until killed."""
    import uvicorn

    settings = portal_settings.load(overrides={"data_dir": os.environ["PORTAL_DATA_DIR"]})
    options.apply(portal_settings.with_secret(settings))
    app = st.App(SCRIPT)
    uvicorn.run(
        app,
        port=port,
        loop="uvloop",
        http="httptools",
        ws="websockets-sansio",
        ws_per_message_deflate=False,
        access_log=False,
        log_level="warning",
    )


if __name__ == "__main__":
    serve(int(sys.argv[1]))
