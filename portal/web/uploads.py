"""Uploads go to the page that asked for them, and to nobody else's.

Streamlit takes an upload for any session id that is open. The gate asks here first whose it is.
"""

from __future__ import annotations

from streamlit.runtime import Runtime

from portal.web.zones import UPLOADS


def may(path: str, uid: str) -> bool:
    """Whether the session named in an upload's ``path`` belongs to the person ``uid``."""
    session_id = path.removeprefix(UPLOADS).partition("/")[0]
    # private, and kept from breaking unnoticed by tests/web/test_uploads.py
    found = Runtime.instance()._session_mgr.get_active_session_info(session_id)
    return found is not None and found.session.matches_user_info({"uid": uid})
