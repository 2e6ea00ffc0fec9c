"""The pages that are open in this process, by the sign-in they belong to.

Used on the event loop only. A page whose sign-in has ended must not go on showing what it shows:
it is told to leave by its own WebSocket.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field

from portal.core.people import Person
from portal.web import identity
from portal.web.accounts.onward import with_next
from portal.web.zones import PASSWORD, SIGN_IN

MOST_PER_SIGN_IN = 30
WATCH_S = 5.0
_log = logging.getLogger(__name__)


@dataclass(eq=False, slots=True)
class OpenPage:
    """One WebSocket. ``person`` is who opened it, ``where`` its address as the browser gave it."""

    token: str = field(repr=False)
    person: Person
    leave: Callable[[str], Awaitable[None]]  # shows the browser to an address and closes
    where: str = "/"

    def elsewhere(self, *, active: bool) -> str | None:
        """Where the browser has to go instead of staying; None while it may stay.

        ``active``: somebody is at it, so the idle time begins anew.
        """
        now = identity.look_for_run(self.token, active=active)
        if now is None:
            return with_next(SIGN_IN, self.where)
        if now.must_change:
            return with_next(PASSWORD, self.where)
        return None if now == self.person else self.where


class OpenPages:
    """The WebSockets of this process."""

    def __init__(self) -> None:
        self._pages: dict[bytes, set[OpenPage]] = {}

    def __iter__(self) -> Iterator[OpenPage]:
        return iter([page for pages in self._pages.values() for page in pages])

    def __bool__(self) -> bool:
        return bool(self._pages)

    def is_full(self, token: str) -> bool:
        """Whether one sign-in has more pages open than anybody looks at."""
        return len(self._pages.get(_digest(token), ())) >= MOST_PER_SIGN_IN

    def add(self, page: OpenPage) -> None:
        """Take up ``page``."""
        self._pages.setdefault(_digest(page.token), set()).add(page)

    def discard(self, page: OpenPage) -> None:
        """Forget ``page``, which has been closed."""
        key = _digest(page.token)
        pages = self._pages.get(key, set())
        pages.discard(page)
        if not pages:
            self._pages.pop(key, None)

    async def close(self, token: str) -> None:
        """Send every page of this sign-in to the sign-in page."""
        for page in list(self._pages.get(_digest(token), ())):
            await page.leave(SIGN_IN)

    async def watch(self) -> None:
        """Look after pages at which nobody clicks: the sign-in may have ended elsewhere, another
        process included. Runs until it is cancelled; a failed look-up is tried again."""
        while True:
            await asyncio.sleep(WATCH_S)
            for page in self:
                try:
                    where = page.elsewhere(active=False)
                except Exception:
                    _log.exception("cannot tell whether a sign-in is still good")
                    break
                if where is not None:
                    await page.leave(where)
                await asyncio.sleep(0)


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
