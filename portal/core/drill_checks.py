"""What a drill should have, seen without playing it: reasons, law, objectives, fair options."""

from __future__ import annotations

from collections.abc import Mapping

from portal.core.citations import find_citations
from portal.core.drills import LABELS, Decision, Drill
from portal.core.findings import Findings
from portal.core.statutes import StatuteRegistry

_ENOUGH = 4  # decisions with a P option before positions and lengths say anything


def check_drill(
    drill: Drill,
    statutes: StatuteRegistry | None,
    lines: Mapping[str, int],
    findings: Findings,
) -> None:
    """Note what is missing in ``drill``; ``lines`` are those of the front matter's keys."""
    for _, decision in drill.decisions():
        if not any(option.rating == "P" for option in decision.options):
            findings.add(decision.line, "D106", title=decision.title.zh)
        for option in decision.options:
            if option.reason is None:
                findings.add(option.line, "D107", option=option.text.zh)
        if not _cites(decision, statutes):
            findings.add(decision.line, "D114", title=decision.title.zh)
    _check_objectives(drill, lines, findings)
    _check_labels(drill, lines, findings)
    _check_tells(drill, findings)


# Private functions


def _cites(decision: Decision, statutes: StatuteRegistry | None) -> bool:
    """Whether a chip, an option or a reason names the law."""
    if decision.laws:
        return True
    texts = [option.text.zh for option in decision.options]
    texts += [option.reason.zh for option in decision.options if option.reason is not None]
    if statutes is None:
        return any("《" in text or "§" in text for text in texts)
    return any(find_citations(text, statutes) for text in texts)


def _check_objectives(drill: Drill, lines: Mapping[str, int], findings: Findings) -> None:
    line = lines.get("objectives", 1)
    if not drill.objectives:
        findings.add(line, "D109", key="–", title="")
    for objective in drill.objectives:
        count = sum(objective.key in one.objectives for _, one in drill.decisions())
        if not count:
            findings.add(line, "D109", key=objective.key, title=objective.title.zh)
        elif objective.critical and count < 2:
            findings.add(line, "D108", key=objective.key, title=objective.title.zh)


def _check_labels(drill: Drill, lines: Mapping[str, int], findings: Findings) -> None:
    for name in drill.state:
        if name not in drill.labels and name not in LABELS and name.isascii():
            findings.add(lines.get("state", 1), "D116", name=name)


def _check_tells(drill: Drill, findings: Findings) -> None:
    """Whether the best option gives itself away by its place or its length."""
    places: list[bool] = []
    lengths: list[bool] = []
    first_line = 1
    for _, decision in drill.decisions():
        best = [at for at, option in enumerate(decision.options) if option.rating == "P"]
        if len(best) != 1 or len(decision.options) < 2:
            continue
        first_line = decision.line if not places else first_line
        sizes = [len(option.text.zh) for option in decision.options]
        places.append(best[0] == 0)
        others = [size for at, size in enumerate(sizes) if at != best[0]]
        lengths.append(sizes[best[0]] > max(others))
    if len(places) >= _ENOUGH and all(places):
        findings.add(first_line, "D112", count=len(places))
    if len(lengths) >= _ENOUGH and all(lengths):
        findings.add(first_line, "D113", count=len(lengths))
