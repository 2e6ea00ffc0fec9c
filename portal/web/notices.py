"""What came of the last deed, said once at the top of the page that did it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from portal.actions.errors import Refused
from portal.web import render, session
from portal.web.session import t

_KEY = "notice"


def show() -> None:
    """Say it; an initial password is shown here and kept nowhere."""
    said = session.recall(_KEY)
    if said:
        kind, words, secret = said
        {"done": st.success, "refused": st.warning}[kind](words)
        if secret:
            st.code(secret, language=None)
        session.forget(_KEY)


def do(action: Callable[[], Any], done: str, **args: object) -> Any:
    """Run ``action`` and let the next run say what came of it; its result, None if refused.

    ``done`` is the key of the words. A result that is a text, or has an ``initial_password``, is
    shown beside them. Callbacks run before the page's own look-up: ``action`` asks who is signed
    in when it runs.
    """
    try:
        result = action()
    except Refused as refused:
        session.remember(_KEY, ("refused", t(refused.key, **refused.args_by_name), ""))
        return None
    secret = result if isinstance(result, str) else getattr(result, "initial_password", "")
    words = {name: render.escape(str(value)) for name, value in args.items()}
    session.remember(_KEY, ("done", t(done, **words), secret))
    return result


def refuse(key: str) -> None:
    """Let the next run say why something was not even tried."""
    session.remember(_KEY, ("refused", t(key), ""))
