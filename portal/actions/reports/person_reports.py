"""Lists of people. Names are shown however small the group is: helping is what they are for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from portal.actions.reports.scope import Scope
from portal.actions.unit_standing import facts_of, offers_of
from portal.core.person_figures import PersonFigures, figures_on
from portal.core.unit_days import EXPIRES_SOON_DAYS, day_after
from portal.store import courses, person_lists
from portal.store.database import Row

MOST = 200_000  # rows of a file


def people(scope: Scope) -> list[Row]:
    """A row a person, by staff number; ``limit`` and ``offset`` of what is asked cut a page."""
    found = person_lists.people(
        scope.conn,
        scope.wanted(),
        limit=min(scope.ask.limit or MOST, MOST),
        offset=max(scope.ask.offset, 0),
    )
    ids = [row["person_id"] for row in found]
    figures = _figures(scope, ids)
    states = person_lists.states(scope.conn, ids) if scope.is_today else {}
    return [
        {
            **_person(scope, row),
            "posts": _posts(scope, figures[row["person_id"]].posts),
            **_numbers(figures[row["person_id"]]),
            "seen": states.get(row["person_id"], {}).get("seen_on"),
            "states": _states(scope, states.get(row["person_id"])),
        }
        for row in found
    ]


def count_people(scope: Scope) -> list[Row]:
    """One row: how many people ``people`` has on all pages."""
    wanted = scope.wanted()
    if not (wanted.state or wanted.post or wanted.query.strip()):
        below = (row for path, row in scope.standing.items() if path.startswith(scope.path))
        return [{"people": sum(row["staff"] for row in below)}]
    return [{"people": person_lists.count(scope.conn, wanted)}]


def overdue(scope: Scope) -> list[Row]:
    """A row an obligation that is overdue at the end of the day, the oldest first."""
    titles = courses.titles(scope.conn)
    rows = person_lists.overdue(
        scope.conn, scope.wanted(), limit=min(scope.ask.limit or MOST, MOST)
    )
    return [
        {
            **_person(scope, row),
            "item": _title(scope, row["item_kind"], row["item_id"], titles),
            "assignment": row["assignment"],
            "due_on": row["due_on"],
            "late": _days_between(row["due_on"], scope.day),
        }
        for row in rows
    ]


def expiring(scope: Scope) -> list[Row]:
    """A row a completion that runs out within thirty days, the soonest first. Of today only."""
    if not scope.is_today:
        return []
    titles = courses.titles(scope.conn)
    rows = person_lists.expiring(
        scope.conn,
        scope.wanted(),
        last=day_after(scope.day, EXPIRES_SOON_DAYS),
        limit=min(scope.ask.limit or MOST, MOST),
    )
    return [
        {
            **_person(scope, row),
            "course": _title(scope, "course", row["course_id"], titles),
            "expires": row["expires_on"],
            "left": _days_between(scope.day, row["expires_on"]),
        }
        for row in rows
    ]


def needing_help(scope: Scope) -> list[Row]:
    """Who needs somebody to talk to them, the most pressing reason first, each person once.

    Reasons in order: ``failing``, ``overdue``, ``idle``, ``waiting``. Of today only.
    """
    if not scope.is_today:
        return []
    limit = min(scope.ask.limit or MOST, MOST)
    found: dict[int, Row] = {}
    for state in ("failing", "overdue", "idle", "waiting"):
        if len(found) < limit:
            wanted = person_lists.with_state(scope.wanted(), state)
            for row in person_lists.people(scope.conn, wanted, limit=limit):
                found.setdefault(row["person_id"], row)
    rows = list(found.values())[:limit]
    states = person_lists.states(scope.conn, [row["person_id"] for row in rows])
    return [
        {**_person(scope, row), "states": _states(scope, states.get(row["person_id"]))}
        for row in rows
    ]


# Private functions


def _person(scope: Scope, row: Row) -> Row:
    return {
        "person_id": row["person_id"],
        "name": row["name"],
        "staff_no": row["staff_no"],
        "unit": scope.name_of(row, "unit_name"),
    }


def _figures(scope: Scope, ids: Sequence[int]) -> dict[int, PersonFigures]:
    offers = offers_of(scope.conn, scope.portal)
    facts = facts_of(scope.conn, scope.portal, ids)
    return {one: figures_on(facts[one], offers, scope.day) for one in ids}


def _numbers(figures: PersonFigures) -> Row:
    return {
        "meant": figures.pairs,
        "completed": figures.pairs_done,
        "hours": figures.hours,
        "due": figures.due,
        "done": figures.done,
        "overdue": figures.overdue,
    }


def _posts(scope: Scope, keys: Sequence[str]) -> str:
    known = {post.key: post.name for post in scope.portal.library.catalogue.capabilities.posts}
    names = [known[key].in_(scope.locale) if key in known else key for key in keys]
    return ("、" if scope.locale == "zh" else ", ").join(names)


def _states(scope: Scope, row: Row | None) -> tuple[str, ...]:
    """What is true of somebody today, the most pressing first."""
    if row is None:
        return ()
    facts = {
        "failing": row["failing"] > 0,
        "overdue": (row["overdue_from"] or scope.day) < scope.day,
        "idle": (row["idle_from"] or scope.day) < scope.idle_day,
        "waiting": (row["waiting_from"] or scope.day) < scope.idle_day,
    }
    return tuple(name for name, is_so in facts.items() if is_so)


def _title(
    scope: Scope, kind: str, item_id: str, titles: Mapping[str, tuple[str, str | None]]
) -> str:
    if kind == "course" and item_id in titles:
        zh, en = titles[item_id]
        return en if scope.locale == "en" and en else zh
    catalogue = scope.portal.library.catalogue
    found = catalogue.quizzes.get(item_id)
    if kind == "drill":
        found = getattr(catalogue, "drills", {}).get(item_id)
    return found.title.in_(scope.locale) if found is not None else item_id


def _days_between(first: str, last: str) -> int:
    return (date.fromisoformat(last) - date.fromisoformat(first)).days
