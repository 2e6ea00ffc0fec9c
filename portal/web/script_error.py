"""What a page says when its script fails. The reason is in the log; nobody else is told."""

from __future__ import annotations

import streamlit as st

from portal.web import session


def show(_: Exception) -> bool:
    """Say in the reader's language that it failed; True keeps Streamlit's English box away."""
    st.error(session.t("common.something_failed"))
    return True
