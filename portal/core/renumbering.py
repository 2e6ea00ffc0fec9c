"""Old article numbers to new ones, for statutes that were amended (``courses/renumber.tsv``).

Tab-separated with a header: ``law`` (short title), ``old_version`` (as in statutes.toml),
``old_article``, ``new_article`` (empty: the article is gone), ``remark``. Other columns are left
alone. What the table says is a suggestion to whoever reviews a citation, never a change by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from portal.core.problems import Problem

_NEEDED = ("law", "old_version", "old_article", "new_article")
_MOST_ROWS = 20_000


@dataclass(frozen=True, slots=True)
class Renumbered:
    """``new`` is "" when the article has no successor."""

    new: str
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Renumbering:
    """By short title and old version, then by old article."""

    tables: Mapping[tuple[str, str], Mapping[str, Renumbered]] = field(default_factory=dict)

    def suggestion(self, law: str, old_version: str, article: str) -> Renumbered | None:
        """What became of an article of the version ``old_version``; None when no table says it."""
        return self.tables.get((law, old_version), {}).get(article)


def parse_renumbering(text: str, path: str) -> tuple[Renumbering, list[Problem]]:
    """The table in ``text``. A bad row is left out and reported; the others are served."""
    lines = text.splitlines()
    columns = lines[0].lstrip("\ufeff").split("\t") if lines else []
    columns = [column.strip() for column in columns]
    missing = [name for name in _NEEDED if name not in columns]
    if missing:
        return Renumbering(), [Problem(path, 1, "L106", {"columns": ", ".join(missing)})]
    problems: list[Problem] = []
    tables: dict[tuple[str, str], dict[str, Renumbered]] = {}
    for number, line in enumerate(lines[1 : _MOST_ROWS + 1], 2):
        if not line.strip():
            continue
        cells = dict(zip(columns, (cell.strip() for cell in line.split("\t")), strict=False))
        law, old, new = (cells.get(key, "") for key in ("law", "old_article", "new_article"))
        table = tables.setdefault((law, cells.get("old_version", "")), {})
        if not law or not is_article(old) or (new and not is_article(new)) or old in table:
            problems.append(Problem(path, number, "L107", {"row": line[:60].replace("\t", " ")}))
            continue
        table[old] = Renumbered(new, cells.get("remark", "")[:200])
    if len(lines) > _MOST_ROWS + 1:
        problems.append(Problem(path, _MOST_ROWS + 2, "L108", {"limit": str(_MOST_ROWS)}))
    return Renumbering(tables), problems


def is_article(text: str) -> bool:
    """``"33"`` or ``"291-2"``."""
    number, dash, inserted = text.partition("-")
    return all(part.isascii() and part.isdecimal() and len(part) <= 4 for part in (number,)) and (
        not dash or (inserted.isascii() and inserted.isdecimal() and len(inserted) <= 2)
    )
