"""An invented county for looking around: five levels of units and the people in them.

All names are made up by the seed from common Chinese surnames and given-name characters; places
are invented too. The county has something to find: most people keep up, one township has fallen
behind, and one town learnt first response together a year ago, so that its certificates run out
in the same weeks.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

_SURNAMES = "王李张刘陈杨黄赵周吴徐孙马朱胡郭何高林罗郑梁谢宋唐许邓冯韩曹"
_GIVEN = "敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰慧宁欣悦浩然子涵雨桐思远佳怡文博嘉诚晓雯"
# name, name_en, share of its people who have fallen behind
_STREETS = (
    ("望江街道", "Wangjiang Street", 0.06),
    ("槐荫街道", "Huaiyin Street", 0.03),
    ("青石桥街道", "Qingshiqiao Street", 0.14),
    ("临泉镇", "Linquan Town", 0.08),
    ("白鹭洲镇", "Bailuzhou Town", 0.04),
    ("松风乡", "Songfeng Township", 0.42),
)
_BEHIND_ABOVE = 0.03  # the same, in county and city
_TOGETHER = "白鹭洲镇"  # where the year began with a drive
_COMMUNITIES = (
    ("和畅", "Hechang"),
    ("春晖", "Chunhui"),
    ("长乐", "Changle"),
    ("文华", "Wenhua"),
    ("新塘", "Xintang"),
)
# share of the staff, level of the unit, posts
_POSTS: tuple[tuple[float, str, str], ...] = (
    (0.48, "grid", "grid"),
    (0.28, "community", "community"),
    (0.10, "community", "mediator"),
    (0.09, "street", "street"),
    (0.04, "county", "county"),
    (0.01, "city", "city"),
)


@dataclass(frozen=True, slots=True)
class UnitPlan:
    """``parent`` is the position of the unit above in the list of plans; None for the top."""

    kind: str
    name: str
    name_en: str
    parent: int | None


@dataclass(frozen=True, slots=True)
class PersonPlan:
    """``unit`` is a position in the list of unit plans; ``zeal`` 0..1 and ``skill`` are traits.

    ``is_behind``: leaves undone what was begun or asked. ``in_drive``: learnt with a whole town in
    the first weeks of the year.
    """

    staff_no: str
    name: str
    unit: int
    post: str
    zeal: float
    skill: float
    is_behind: bool = False
    in_drive: bool = False


def units() -> list[UnitPlan]:
    """City, county, six streets and townships, five communities each, two grids each."""
    plans = [
        UnitPlan("city", "云岭市", "Yunling City", None),
        UnitPlan("county", "清河县", "Qinghe County", 0),
    ]
    for name, name_en, _ in _STREETS:
        street = len(plans)
        plans.append(UnitPlan("street", name, name_en, 1))
        rural = not name.endswith("街道")
        for short, short_en in _COMMUNITIES:
            community = len(plans)
            kind = ("村", "Village") if rural else ("社区", "Community")
            plans.append(UnitPlan("community", short + kind[0], f"{short_en} {kind[1]}", street))
            for n in (1, 2):
                plans.append(
                    UnitPlan("grid", f"{short}第{n}网格", f"{short_en} Grid {n}", community)
                )
    return plans


def people(plans: list[UnitPlan], staff: int, rng: random.Random) -> Iterator[PersonPlan]:
    """``staff`` people spread over the units of their level; streets differ.

    The first of each post, whose accounts are printed, keep up.
    """
    of_kind = {
        kind: [at for at, plan in enumerate(plans) if plan.kind == kind] for _, kind, _ in _POSTS
    }
    behind = dict(zip(of_kind["street"], (share for _, _, share in _STREETS), strict=True))
    posts: set[str] = set()
    for n, (kind, post) in enumerate(_spread(staff)):
        unit = of_kind[kind][n % len(of_kind[kind])]
        street = _street_of(plans, unit)
        share = behind.get(street, _BEHIND_ABOVE) if street is not None else _BEHIND_ABOVE
        zeal = 0.75 - share + rng.gauss(0, 0.18)
        is_behind = rng.random() < share and post in posts
        posts.add(post)
        yield PersonPlan(
            staff_no=f"Q{n + 1:05d}",
            name=_name(rng),
            unit=unit,
            post=post,
            zeal=min(max(zeal, 0.0), 1.0),
            skill=rng.gauss(-0.6, 0.7) if is_behind else rng.gauss(0.0, 0.7),
            is_behind=is_behind,
            in_drive=street is not None and plans[street].name == _TOGETHER and not is_behind,
        )


def _spread(staff: int) -> Iterator[tuple[str, str]]:
    """(kind of unit, post) for each person, every post at least once."""
    left = staff
    for share, kind, post in reversed(_POSTS):
        count = left if post == "grid" else min(left, max(1, round(staff * share)))
        left -= count
        yield from [(kind, post)] * count


def _street_of(plans: list[UnitPlan], unit: int | None) -> int | None:
    while unit is not None and plans[unit].kind != "street":
        unit = plans[unit].parent
    return unit


def _name(rng: random.Random) -> str:
    return rng.choice(_SURNAMES) + "".join(rng.sample(_GIVEN, rng.choice((1, 2, 2))))
