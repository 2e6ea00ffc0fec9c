"""Reading a module: the place is kept, sections are seen, and what that completes.

A page calls these in every run. They write only when something has changed, and move ``revision``
on only when a course was begun or a module completed: nothing else shows in a manager's figures.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from portal.actions import permission, settling
from portal.actions.errors import NotAllowed
from portal.actions.ownership import oneself
from portal.actions.portal import Portal
from portal.core.courses import Module
from portal.core.people import Person
from portal.store import progress
from portal.store.database import Connection
from portal.store.progress import ModuleProgress

_STILL_THERE = timedelta(minutes=5)  # how often "last seen" is noted while somebody reads


def open_module(portal: Portal, actor: Person, module_id: str) -> ModuleProgress:
    """The person's place in the module, which is begun at its first section.

    Raises NotAllowed for an unknown module or somebody who may not learn.
    """
    module = _module(portal, module_id)
    with permission.read(portal, actor, "learn", oneself(actor)) as conn:
        found = progress.find_module(conn, actor.id, module_id)
    if found is not None:
        return found
    return _see(portal, actor, module, None)


def see_section(portal: Portal, actor: Person, module_id: str, section: str) -> ModuleProgress:
    """Keep the person's place at ``section`` and note that it was seen.

    A section that the module does not have leaves everything as it is. May complete the module
    and the course. Raises NotAllowed like ``open_module``.
    """
    module = _module(portal, module_id)
    if section not in {known.slug for known in module.sections}:
        return open_module(portal, actor, module_id)
    with permission.read(portal, actor, "learn", oneself(actor)) as conn:
        found = progress.find_module(conn, actor.id, module_id)
    if found is not None and _is_noted(found, section, module, portal.now()):
        return found
    return _see(portal, actor, module, section)


# Private functions


def _module(portal: Portal, module_id: str) -> Module:
    module = portal.library.catalogue.modules.get(module_id)
    if module is None:
        raise NotAllowed
    return module


def _is_noted(found: ModuleProgress, section: str, module: Module, now: datetime) -> bool:
    return (
        found.section == section
        and section in found.sections_seen
        and found.version == module.version
        and now - found.seen_at < _STILL_THERE
    )


def _see(portal: Portal, actor: Person, module: Module, section: str | None) -> ModuleProgress:
    now = portal.now()
    with permission.write(portal, actor, "learn", oneself(actor), bump=False) as conn:
        found = progress.find_module(conn, actor.id, module.id)
        seen = found.sections_seen if found else ()
        if section is not None and section not in seen:
            seen = (*seen, section)
        kept = found.section if found else (module.sections[0].slug if module.sections else "")
        progress.save_module(
            conn,
            actor.id,
            module_id=module.id,
            course_id=module.course,
            version=module.version,
            section=section or kept,
            sections_seen=seen,
            now=now,
        )
        began = settling.start_course(conn, portal, actor.id, actor.counts_in, module.course, now)
        completed = settling.complete_module_if_due(conn, portal, actor.id, module, now)
        renewed = not completed and _renew(conn, portal, actor, module, now)
        if began or completed or renewed:
            progress.touch_revision(conn)
        state = progress.find_module(conn, actor.id, module.id)
        assert state is not None
        return state


def _renew(conn: Connection, portal: Portal, actor: Person, module: Module, now: datetime) -> bool:
    """A course without quizzes is earned again by reading it again."""
    course = portal.library.catalogue.courses.get(module.course)
    if course is None:
        return False
    return settling.complete_course_if_due(conn, portal, actor.id, course, now)
