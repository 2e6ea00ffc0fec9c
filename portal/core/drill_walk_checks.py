"""What only playing a drill shows: places nobody reaches, ways that never end, late news."""

from __future__ import annotations

from collections.abc import Mapping

from portal.core.drill_grammar import number_text, shown
from portal.core.drill_walks import explore
from portal.core.drills import Drill
from portal.core.findings import Findings


def check_walks(drill: Drill, lines: Mapping[str, int], findings: Findings) -> None:
    """Note what exploring every way through ``drill`` shows; ``lines`` of the front matter."""
    walks = explore(drill)
    names = _titles(drill)
    if walks.loop:
        first = walks.loop[0]
        chain = " → ".join(names[step][0] for step in walks.loop)
        findings.add(names[first][1], "D104", title=names[first][0], chain=chain)
    if not walks.is_complete:
        findings.add(1, "D115")
    for step in sorted(walks.stuck, key=lambda one: names[one][1]):
        findings.add(names[step][1], "D103", title=names[step][0])
    if walks.is_complete and not walks.loop:
        for step, (title, line) in names.items():
            if step not in walks.reached:
                findings.add(line, "D101", title=title)
        if drill.best is not None and not walks.is_best_reached:
            findings.add(lines.get("best", 1), "D105", text=shown(drill.best))
    for inject, clock in walks.late.values():
        time = f"T+{number_text(inject.minutes)}"
        findings.add(inject.line, "D110", time=time, clock=f"T+{number_text(clock)}")
    if walks.longest is not None and walks.longest.seconds > drill.minutes * 60:
        minutes = str(-(-int(walks.longest.seconds) // 60))
        line = lines.get("minutes", 1)
        findings.add(line, "D111", minutes=drill.minutes, longest=minutes)


# Private functions


def _titles(drill: Drill) -> dict[str, tuple[str, int]]:
    """Title and line of every step, in file order."""
    found: dict[str, tuple[str, int]] = {}
    for scene in drill.scenes:
        if scene.is_ending:
            found[scene.id] = scene.title.zh, scene.line
        for decision in scene.decisions:
            found[decision.id] = decision.title.zh, decision.line
    return found
