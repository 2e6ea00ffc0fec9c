"""Taking over a roster: a dry run that is shown, then the very same thing, all or nothing.

A dry run is bound to the file (its SHA-256) and to what would be done (``RosterPlan.digest``).
``import_roster`` reads the facts again inside its transaction and plans again: when that plan is
another one, because somebody changed people or units meanwhile, it refuses and nothing is done.

People who are added have no password: twenty thousand argon2id hashes take a quarter of an hour,
and nobody hands out twenty thousand passwords in a day. An administrator makes initial passwords
for the people of a unit when they are to begin (``actions.initial_passwords``).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from portal.actions import permission
from portal.actions.errors import Refused
from portal.actions.obligations import people_changed
from portal.actions.portal import Portal
from portal.core.people import Person
from portal.core.roster_lookup import post_names
from portal.core.roster_model import Facts, Missing, RosterLine, RosterPlan, Switch
from portal.core.rosters import plan_roster
from portal.exchange import rosters as files
from portal.store import audit, pasts, rosters, units
from portal.store.database import Connection

Progress = Callable[[str, float], None]  # (step of STEPS, share done 0..1)

STEPS = ("read", "plan", "write", "note")


@dataclass(frozen=True, slots=True)
class DryRun:
    """What taking the file over would do. ``unit_names``: full names of the units in the plan."""

    file_sha256: str
    missing: Missing
    plan: RosterPlan
    unit_names: dict[int, str]

    @property
    def can_be_done(self) -> bool:
        """Whether nothing is wrong and there is something to do."""
        return not self.plan.problems and self.plan.does_something


def dry_run(
    portal: Portal,
    actor: Person | None,
    data: bytes,
    *,
    deactivate_missing: bool = False,
    missing_in: int | None = None,
) -> DryRun:
    """What ``import_roster`` would do. ``actor`` None is the command line.

    With ``deactivate_missing`` those whom the file does not name are deactivated, in the subtree of
    the unit ``missing_in``, or everywhere. Raises NotAllowed.
    """
    if actor is not None:
        with permission.read(portal, actor, "manage_people"):
            pass
    lines, problems = files.read_roster(data)
    with portal.db.read() as c:
        missing = _missing(c, deactivate_missing, missing_in)
        if problems:
            plan, facts = RosterPlan(problems=problems), Facts((), {}, {})
        else:
            facts = _facts(portal, c, actor)
            plan = plan_roster(lines, facts, missing)
    return DryRun(
        file_sha256=hashlib.sha256(data).hexdigest(),
        missing=missing,
        plan=plan,
        unit_names={unit.id: "/".join(unit.names) for unit in facts.units},
    )


def import_roster(
    portal: Portal,
    actor: Person | None,
    data: bytes,
    shown: DryRun,
    *,
    progress: Progress = lambda step, share: None,
) -> RosterPlan:
    """Do what ``shown`` says, in one transaction. Returns what was done.

    Raises NotAllowed, or Refused with ``error.roster_other_file`` (not the file of the dry run),
    ``error.roster_changed`` (the plan would be another one now), ``error.roster_problems`` (n),
    ``error.roster_nothing``.
    """
    if hashlib.sha256(data).hexdigest() != shown.file_sha256:
        raise Refused("error.roster_other_file")
    if shown.plan.problems:
        raise Refused("error.roster_problems", n=len(shown.plan.problems))
    if not shown.plan.does_something:
        raise Refused("error.roster_nothing")
    progress("read", 0.0)
    lines, _ = files.read_roster(data)
    with _writing(portal, actor) as c:
        progress("plan", 0.2)
        _check_still(portal, c, actor, lines, shown)
        progress("write", 0.4)
        ids = _write(portal, c, shown.plan)
        people_changed(c, portal, _concerned(shown.plan, ids))
        progress("note", 0.7)
        _note(portal, c, actor, shown, ids)
        progress("note", 0.95)
    progress("note", 1.0)
    return shown.plan


# Private functions


def _writing(portal: Portal, actor: Person | None) -> permission.Writing:
    if actor is None:
        return portal.db.write()
    return permission.write(portal, actor, "manage_people")


def _missing(c: Connection, deactivate: bool, unit_id: int | None) -> Missing:
    if unit_id is None:
        return Missing(deactivate)
    unit = units.get_unit(c, unit_id)
    if unit is None:
        raise Refused("error.unit_closed")
    return Missing(deactivate, unit.path)


def _facts(portal: Portal, c: Connection, actor: Person | None) -> Facts:
    posts = portal.library.catalogue.capabilities.posts
    return Facts(
        units=rosters.unit_facts(c),
        people=rosters.person_facts(c, kept=actor.id if actor else None),
        posts=post_names({post.key: (post.name.zh, post.name.en or "") for post in posts}),
    )


def _check_still(
    portal: Portal,
    c: Connection,
    actor: Person | None,
    lines: tuple[RosterLine, ...],
    shown: DryRun,
) -> None:
    plan = plan_roster(lines, _facts(portal, c, actor), shown.missing)
    if plan.digest != shown.plan.digest:
        raise Refused("error.roster_changed")


def _write(portal: Portal, c: Connection, plan: RosterPlan) -> dict[str, int]:
    at = portal.now()
    ids = rosters.add_people(c, plan.added, at)
    rosters.change_people(c, plan.changed)
    pasts.keep_absences(c, [one.person_id for one in plan.returned], at)
    rosters.switch_people(c, plan.returned, None)
    rosters.move_people(c, plan.moved, at)
    rosters.switch_people(c, plan.deactivated, at)
    return ids


def _concerned(plan: RosterPlan, ids: dict[str, int]) -> list[int]:
    """Who may have other assignments now."""
    moved = (one.person_id for one in plan.moved)
    switched = (one.person_id for one in (*plan.returned, *plan.deactivated))
    return [*ids.values(), *dict.fromkeys((*moved, *switched))]


def _note(
    portal: Portal, c: Connection, actor: Person | None, shown: DryRun, ids: dict[str, int]
) -> None:
    """One entry for the roster and one for everybody whom it concerned."""
    plan = shown.plan

    def add(action: str, target: str, **detail: object) -> None:
        audit.record(
            c,
            at=portal.now(),
            actor_id=actor.id if actor else None,
            action=action,
            target=target,
            address=actor.address if actor else "",
            **detail,
        )

    add(
        "import_roster",
        f"roster:{shown.file_sha256[:12]}",
        sha256=shown.file_sha256,
        added=len(plan.added),
        changed=len(plan.changed),
        moved=len(plan.moved),
        returned=len(plan.returned),
        deactivated=len(plan.deactivated),
    )
    mark = {"roster": shown.file_sha256[:12]}
    for one in plan.added:
        main = next(posting for posting in one.postings if posting.main)
        posts = [posting.post for posting in one.postings]
        target = f"person:{ids[one.staff_no]}"
        add("create_person", target, unit=main.unit_id, posts=posts, **mark)
    for changed in plan.changed:
        fields = {name: after for name, _, after in changed.fields}
        add("change_person", f"person:{changed.person_id}", **fields, **mark)
    for moved in plan.moved:
        main = next(posting for posting in moved.after if posting.main)
        posts = [posting.post for posting in moved.after]
        add("move", f"person:{moved.person_id}", unit=main.unit_id, posts=posts, **mark)
    switches: list[tuple[str, tuple[Switch, ...]]] = [
        ("enable", plan.returned),
        ("disable", plan.deactivated),
    ]
    for action, people in switches:
        for switch in people:
            add(action, f"person:{switch.person_id}", **mark)
