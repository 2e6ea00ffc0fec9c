"""Parsing many files on all cores: plain text goes out, plain text comes back."""

from __future__ import annotations

import gc
import logging
import multiprocessing
import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

from portal.content.parsing import Job, parse_job, row_to_text
from portal.core.statutes import StatuteRegistry, parse_statutes

_LOG = logging.getLogger(__name__)
_POOL_FROM = 200  # files; below this a pool costs more than it saves
_CHUNK = 24
_registry: StatuteRegistry | None = None


def parse_all(
    jobs: Sequence[Job], statutes: StatuteRegistry | None, statutes_text: str
) -> list[str]:
    """The rows of ``jobs``, as text, in order; on all cores when there are many jobs."""
    workers = os.cpu_count() or 1
    if len(jobs) < _POOL_FROM or workers < 2:
        return [row_to_text(parse_job(job, statutes)) for job in jobs]
    try:
        # spawn: the server has threads, and a fork in the middle of one of them can hang
        with ProcessPoolExecutor(
            workers,
            mp_context=multiprocessing.get_context("spawn"),
            initializer=_prepare,
            initargs=(statutes_text if statutes is not None else "",),
        ) as pool:
            return list(pool.map(_parse_text, jobs, chunksize=_CHUNK))
    except (BrokenProcessPool, OSError) as error:
        _LOG.warning("parsing in one process, because others cannot be started: %s", error)
        return [row_to_text(parse_job(job, statutes)) for job in jobs]


# Private functions


def _prepare(statutes_text: str) -> None:
    global _registry  # one per worker process, set once before its first job
    gc.disable()  # a worker lives for seconds, and its garbage has no cycles worth looking for
    _registry = parse_statutes(statutes_text, "")[0] if statutes_text else None


def _parse_text(job: Job) -> str:
    return row_to_text(parse_job(job, _registry))
