"""What a drill should have, seen without playing it: reasons, law, objectives, fair options."""

from __future__ import annotations

from collections.abc import Mapping

from portal.core.citations import find_citations
from portal.core.drill_grammar import RANGES, number_text
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
    _check_ranges(drill, lines, findings)
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


def _check_ranges(drill: Drill, lines: Mapping[str, int], findings: Findings) -> None:
    for name, (low, high) in RANGES.items():
        value = drill.state.get(name, low)
        if not isinstance(value, bool) and not low <= value <= high:
            line, bounds = lines.get("state", 1), (number_text(low), number_text(high))
            findings.add(
                line, "D117", name=name, value=number_text(value), low=bounds[0], high=bounds[1]
            )


def _check_tells(drill: Drill, findings: Findings) -> None:
    """Whether the best option gives itself away by its place or its length, in either language."""
    fair = [
        (decision, best[0])
        for _, decision in drill.decisions()
        if len(best := [at for at, one in enumerate(decision.options) if one.rating == "P"]) == 1
        and len(decision.options) > 1
    ]
    if len(fair) < _ENOUGH:
        return
    line = fair[0][0].line
    if all(best == 0 for _, best in fair):
        findings.add(line, "D112", count=len(fair))
    languages = [("zh", "中文 / Chinese"), *([("en", "英文 / English")] * drill.has_english)]
    for locale, language in languages:
        longest = sum(_is_longest(decision, best, locale) for decision, best in fair)
        if longest > len(fair) / 2:
            findings.add(line, "D113", count=longest, of=len(fair), language=language)


def _is_longest(decision: Decision, best: int, locale: str) -> bool:
    sizes = [len(option.text.in_(locale)) for option in decision.options]
    return sizes[best] > max(size for at, size in enumerate(sizes) if at != best)
