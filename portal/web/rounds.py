"""What a server does by itself at regular times, off the event loop."""

from __future__ import annotations

import asyncio
import gc
import logging
from collections.abc import Callable, Coroutine
from datetime import timedelta
from functools import partial
from typing import Any

from portal.actions.attempts import close_overdue
from portal.actions.capability_rounds import nightly, refresh
from portal.actions.issuing import issue_due
from portal.actions.item_counting import count_pending
from portal.actions.law_noticing import notice_law_changes
from portal.actions.portal import Portal
from portal.actions.progress import sync_courses
from portal.actions.regrading import carry_on
from portal.actions.search import refresh_index
from portal.actions.statute_folder import import_folder
from portal.actions.stepping import keep_in_step
from portal.actions.unit_standing import catch_up

COLLECT_S = 60.0  # Streamlit's collection after each run is off
CLOSE_S = 20.0  # an exam is marked this long after its time at the latest, with nobody looking
SYNC_S = 30.0
STATUTES_S = 600.0  # how often the folder of official texts is looked at
ASSIGN_S = 15.0  # who moved is asked for what the new place asks, this long after at the latest
STANDING_S = 10.0  # whoever reads figures does not wait for this
ITEMS_S = 60.0  # figures of questions: trainers read them, staff do not wait for them
CERTIFICATES_S = 60.0  # those put off, and once those of completions from before there were any
MAP_S = 600.0  # the capability map is as old as this at most
REGRADE_S = 5.0  # how soon a decision about a question goes on; staff do not wait for it
NIGHTLY_S = 600.0  # how often it is asked whether the night's work is done
_log = logging.getLogger(__name__)


def rounds(portal: Portal) -> list[Coroutine[Any, Any, None]]:
    """To be run as tasks until they are cancelled."""
    return [
        _every(COLLECT_S, gc.collect),
        _every(CLOSE_S, partial(close_overdue, portal)),
        _every(SYNC_S, partial(sync_courses, portal)),
        _every(SYNC_S, partial(notice_law_changes, portal)),
        _every(STATUTES_S, partial(import_folder, portal)),
        _every(SYNC_S, partial(refresh_index, portal)),
        _every(ASSIGN_S, partial(keep_in_step, portal)),
        _every(STANDING_S, partial(catch_up, portal, None, bump=True)),
        _every(ITEMS_S, partial(count_pending, portal)),
        _every(REGRADE_S, partial(carry_on, portal)),
        _every(CERTIFICATES_S, partial(issue_due, portal)),
        _every(NIGHTLY_S, partial(nightly, portal)),
        _every(MAP_S, partial(refresh, portal, timedelta(seconds=0.9 * MAP_S))),
    ]


async def _every(pause_s: float, work: Callable[[], object]) -> None:
    """``work`` again and again; when it fails, the next round is another try."""
    while True:
        await asyncio.sleep(pause_s)
        try:
            await asyncio.to_thread(work)
        except Exception:
            _log.exception("a round failed: %s", work)
