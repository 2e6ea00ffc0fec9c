"""The one global of the process: the portal that it serves."""

from __future__ import annotations

from portal.actions.portal import Portal

_running: Portal | None = None


def portal() -> Portal:
    """The portal being served. Raises RuntimeError before it has started."""
    if _running is None:
        raise RuntimeError("the portal has not started")
    return _running


def start(portal: Portal | None) -> None:
    """Serve ``portal`` from now on; None when it has stopped."""
    global _running
    _running = portal
