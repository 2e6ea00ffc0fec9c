"""Who may do what to whom: roles, their reach, and the one table of all actions.

Everybody is staff. Other roles are granted on top of it; a manager's role carries a unit and
reaches that unit and every unit below it. The table ``ACTIONS`` is the documentation and the rule.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Literal

from portal.core.postings import TRAINER_POST

RoleName = Literal["staff", "trainer", "manager", "administrator", "auditor"]
ROLE_NAMES: tuple[RoleName, ...] = ("staff", "trainer", "manager", "administrator", "auditor")


@dataclass(frozen=True, slots=True)
class Role:
    """A granted role. ``unit_id`` and ``unit_path`` are those of a manager's unit, else None."""

    name: RoleName
    unit_id: int | None = None
    unit_path: str | None = None  # "/1/4/9/": every unit from the root down to the unit itself


@dataclass(frozen=True, slots=True)
class Person:
    """The person who acts, as of this moment: roles are read anew for every request.

    ``roles`` holds granted roles only; staff is implied. ``posts`` are keys of capabilities.toml.
    ``unit_id`` and ``unit_path`` are None for someone without a present posting. While
    ``must_change`` is set the person may do nothing but change the password.
    """

    id: int
    staff_no: str
    login: str
    name: str
    locale: str = "zh"
    roles: frozenset[Role] = frozenset()
    posts: tuple[str, ...] = ()
    unit_id: int | None = None
    unit_path: str | None = None
    must_change: bool = False
    address: str = ""  # where the session was signed in from, for the audit log

    @property
    def role_names(self) -> frozenset[RoleName]:
        """The names of all roles, staff included."""
        return frozenset({"staff", *(role.name for role in self.roles)})

    @property
    def counts_in(self) -> int | None:
        """The unit in whose figures counts what the person does: that of the main posting, unless
        it is a trainer's, which counts nowhere (``core.postings``)."""
        return None if self.posts[:1] == (TRAINER_POST,) else self.unit_id

    @property
    def managed_paths(self) -> tuple[str, ...]:
        """The paths of the units whose subtrees the person manages, in order."""
        return tuple(sorted(role.unit_path for role in self.roles if role.unit_path))


@dataclass(frozen=True, slots=True)
class Target:
    """Whom or what an action concerns: a person, with the unit of the present posting, or a unit.

    Leave both out for what belongs to nobody: settings, the audit log, content.
    """

    person_id: int | None = None
    unit_path: str | None = None


class Reach(Enum):
    """How far a role reaches with an action."""

    NO = "no"
    OWN = "own"  # the person's own records
    UNIT = "unit"  # the subtree of the unit that the role carries
    ALL = "all"


NOBODY_IN_PARTICULAR = Target()
_NO, _OWN, _UNIT, _ALL = Reach.NO, Reach.OWN, Reach.UNIT, Reach.ALL

# An administrator keeps accounts and units, and sees nobody's results; an auditor reads the log
# and changes nothing. Who needs more is granted another role, which the log then shows.
#   action                   staff   trainer  manager  administrator  auditor
ACTIONS: Mapping[str, tuple[Reach, Reach, Reach, Reach, Reach]] = {
    "learn": (_OWN, _NO, _NO, _NO, _NO),  # open modules, answer, submit
    "see_record": (_OWN, _NO, _UNIT, _NO, _NO),  # one person's courses, attempts, hours
    "revoke_certificates": (_NO, _NO, _UNIT, _ALL, _NO),  # by number, never one's own
    "see_unit_results": (_NO, _NO, _UNIT, _NO, _NO),  # figures over the people of a unit
    "see_item_statistics": (_NO, _ALL, _UNIT, _NO, _NO),  # questions, without names
    "answer_question_reports": (_NO, _ALL, _NO, _NO, _NO),  # that a question is wrong
    "preview_content": (_NO, _ALL, _NO, _NO, _NO),  # as a learner, answers not recorded
    "see_content_problems": (_NO, _ALL, _NO, _NO, _NO),
    "edit_content": (_NO, _ALL, _NO, _NO, _NO),  # drafts, uploads, submit, withdraw
    "review_content": (_NO, _ALL, _NO, _NO, _NO),  # of others, unless the setting relaxes it
    "publish_content": (_NO, _ALL, _NO, _NO, _NO),  # what has been approved
    "review_laws": (_NO, _ALL, _NO, _NO, _NO),  # what cites a statute that changed
    "regrade": (_NO, _ALL, _NO, _NO, _NO),  # regrade or void a question, and undo that
    "mark": (_NO, _ALL, _NO, _NO, _NO),  # essays, without names; and appeals against others' marks
    "appeal": (_OWN, _NO, _NO, _NO, _NO),  # against the mark of one's own essay, once
    "facilitate_drill": (_NO, _ALL, _UNIT, _NO, _NO),  # open and lead a room, rate, plan
    "assign": (_NO, _ALL, _UNIT, _NO, _NO),  # who must learn what by when; trainers see no names
    "see_obligations": (_NO, _NO, _UNIT, _NO, _NO),  # who has done what was assigned
    "decide_obligations": (_NO, _NO, _UNIT, _NO, _NO),  # more time, exemption, reminders
    "list_people": (_NO, _NO, _UNIT, _ALL, _NO),
    "list_units": (_NO, _NO, _UNIT, _ALL, _NO),
    "manage_people": (_NO, _NO, _NO, _ALL, _NO),  # create, move, disable, enable, reset
    "manage_units": (_NO, _NO, _NO, _ALL, _NO),
    "manage_roles": (_NO, _NO, _NO, _ALL, _NO),
    "question_capability": (_OWN, _NO, _NO, _NO, _NO),  # ask that one's profile be looked at
    # with the evidence of the one capability that is questioned, and no more
    "answer_capability_questions": (_NO, _NO, _NO, _ALL, _NO),
    "change_password": (_OWN, _NO, _NO, _NO, _NO),
    "see_sessions": (_OWN, _NO, _NO, _ALL, _NO),
    "end_sessions": (_OWN, _NO, _NO, _ALL, _NO),
    "read_audit": (_NO, _NO, _NO, _NO, _ALL),
}


def may(person: Person, action: str, target: Target = NOBODY_IN_PARTICULAR) -> bool:
    """Whether ``person`` may do ``action`` to ``target``. Raises KeyError on an unknown action."""
    reaches = ACTIONS[action]
    if person.must_change and action != "change_password":
        return False
    roles = {Role("staff"), *person.roles}
    return any(
        _covers(reaches[ROLE_NAMES.index(role.name)], role, person, target) for role in roles
    )


def may_somewhere(person: Person, action: str) -> bool:
    """Whether there can be a target for which ``may`` holds: what to offer in a menu."""
    reaches = ACTIONS[action]
    if person.must_change and action != "change_password":
        return False
    return any(reaches[ROLE_NAMES.index(name)] is not Reach.NO for name in person.role_names)


def within(path: str | None, subtree: str | None) -> bool:
    """Whether the unit at ``path`` is the unit at ``subtree`` or lies below it."""
    return path is not None and subtree is not None and path.startswith(subtree)


def _covers(reach: Reach, role: Role, person: Person, target: Target) -> bool:
    match reach:
        case Reach.NO:
            return False
        case Reach.OWN:
            return target.person_id == person.id
        case Reach.UNIT:
            return within(target.unit_path, role.unit_path)
        case Reach.ALL:
            return True
