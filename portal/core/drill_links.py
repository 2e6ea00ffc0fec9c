"""Where the options of a drill lead: headings as GitHub anchors them, resolved to ids."""

from __future__ import annotations

from collections.abc import Sequence

from portal.core.drill_drafts import DecisionDraft, OptionDraft, SceneDraft
from portal.core.findings import Findings


class Anchors:
    """The headings of one language's file."""

    def __init__(self, scenes: Sequence[SceneDraft]) -> None:
        self._scenes = {scene.slug: scene for scene in scenes}
        self._decisions = {
            decision.slug: (scene, decision) for scene in scenes for decision in scene.decisions
        }

    def target(
        self, option: OptionDraft, decision: DecisionDraft, scene: SceneDraft, findings: Findings
    ) -> str:
        """The id of the scene, or of the decision of the same scene, that ``option`` leads to.

        Without a link it is the next decision of the scene. "" with a problem noted when there is
        no such place.
        """
        if not option.slug:
            at = next(n for n, other in enumerate(scene.decisions) if other is decision)
            after = scene.decisions[at + 1 :]
            if not after:
                findings.add(option.line, "D008", option=option.text)
            return after[0].id if after else ""
        if option.slug in self._scenes:
            return self._scenes[option.slug].id
        if option.slug in self._decisions:
            place, other = self._decisions[option.slug]
            if place is scene:
                return other.id
        known = "、".join(f"#{slug}" for slug in self._scenes)
        findings.add(option.line, "D009", target=option.slug, known=known)
        return ""
