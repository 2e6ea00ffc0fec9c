"""Posts beside the main one: a person serves in two places and counts once."""

from __future__ import annotations

from portal.actions import permission
from portal.actions.audit import note
from portal.actions.errors import Refused
from portal.actions.obligations import people_changed
from portal.actions.people_rules import checked_posts
from portal.actions.portal import Portal
from portal.core.people import Person
from portal.core.postings import Posting, settle_main
from portal.store import postings, units
from portal.store.database import Row


def add_post(
    portal: Portal, actor: Person, person_id: int, unit_id: int, post: str, *, main: bool = False
) -> None:
    """Give a person one more post, as the main one or beside it.

    Raises NotAllowed, or Refused with ``error.post_unknown``, ``error.unit_closed``,
    ``error.post_held``.
    """
    [post] = checked_posts(portal, [post])
    with permission.write(portal, actor, "manage_people", permission.person(person_id)) as c:
        permission.require(c, actor, "manage_people", permission.unit(unit_id))
        if not units.is_open(c, unit_id):
            raise Refused("error.unit_closed")
        held = postings.held(c, person_id)
        if any((one.unit_id, one.post) == (unit_id, post) for one in held):
            raise Refused("error.post_held")
        others = [Posting(one.unit_id, one.post, one.main and not main) for one in held]
        wanted = settle_main([*others, Posting(unit_id, post, main)])
        postings.replace(c, person_id, wanted, portal.now())
        people_changed(c, portal, [person_id])
        note(portal, c, actor, "add_post", f"person:{person_id}", unit=unit_id, post=post)


def end_post(portal: Portal, actor: Person, person_id: int, unit_id: int, post: str) -> None:
    """End one post; the next one becomes the main one. Who has none left belongs to no unit.

    Raises NotAllowed, or Refused("error.post_not_held").
    """
    with permission.write(portal, actor, "manage_people", permission.person(person_id)) as c:
        held = postings.held(c, person_id)
        left = [one for one in held if (one.unit_id, one.post) != (unit_id, post)]
        if len(left) == len(held):
            raise Refused("error.post_not_held")
        postings.replace(c, person_id, settle_main(left), portal.now())
        people_changed(c, portal, [person_id])
        note(portal, c, actor, "end_post", f"person:{person_id}", unit=unit_id, post=post)


def posting_history(portal: Portal, actor: Person, person_id: int) -> list[Row]:
    """Every stay of somebody, present ones first: id, unit_id, unit_name, unit_name_en, post, main,
    began_at, ended_at (ISO text or None). Raises NotAllowed."""
    with permission.read(portal, actor, "manage_people", permission.person(person_id)) as c:
        return postings.history(c, person_id)
