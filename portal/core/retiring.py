"""Retiring a question in its file: the chip ``停用`` is added, nothing else changes.

A question that people have answered is never deleted: its answers, and the attempts that hold it,
would say nothing any more.
"""

from __future__ import annotations

from portal.core.missing_ids import spots

CHIP = "`停用`"


def retired(text: str, question_id: str, in_module: bool) -> str | None:
    """``text`` with the chip on this question's chip line; None when the question is not there.

    A question that carries the chip already is left as it is.
    """
    spot = next((one for one in spots(text, in_module) if one.id == question_id), None)
    if spot is None or spot.chip_line is None:
        return None
    lines = text.splitlines(keepends=True)
    line = lines[spot.chip_line]
    if "`停用`" in line or "`retired`" in line.lower():
        return text
    bare = line.rstrip("\r\n")
    lines[spot.chip_line] = f"{bare.rstrip()} {CHIP}{line[len(bare) :]}"
    return "".join(lines)
