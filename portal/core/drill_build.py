"""Drafts of the Chinese file made into a drill; what does not fit together is noted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from portal.core.capabilities import Bilingual
from portal.core.drill_drafts import DecisionDraft, OptionDraft, Part, SceneDraft
from portal.core.drill_grammar import (
    Condition,
    Effect,
    Unreadable,
    is_name,
    misfit,
    names_of,
    parse_condition,
)
from portal.core.drill_injects import InjectDraft
from portal.core.drill_links import Anchors
from portal.core.drills import Decision, Drill, Inject, Objective, Option, Scene
from portal.core.findings import Findings
from portal.core.question_parser import Place


def build_drill(
    drill_id: str,
    values: Mapping[str, Any],
    lines: Mapping[str, int],
    intro: str,
    scenes: Sequence[SceneDraft],
    place: Place,
    findings: Findings,
) -> Drill:
    """The drill; it may be served only when no error was noted. ``lines`` are those of the front
    matter's keys."""
    builder = _Builder(values, lines, scenes, findings)
    return Drill(
        id=drill_id,
        course=place.course,
        title=Bilingual(values["title"] or drill_id),
        role=Bilingual(values["role"] or ""),
        minutes=values["minutes"] or 1,
        objectives=builder.objectives(place.capability),
        scenes=builder.scenes(),
        start=builder.start(),
        state=builder.state,
        labels={name: Bilingual(text) for name, text in builder.labels().items()},
        best=builder.best(),
        mode=values["mode"],
        blind=values["blind"],
        pace=values["pace"],
        intro=Bilingual(intro),
        path=place.path,
    )


# Private functions


class _Builder:
    def __init__(
        self,
        values: Mapping[str, Any],
        lines: Mapping[str, int],
        scenes: Sequence[SceneDraft],
        findings: Findings,
    ) -> None:
        self._values = values
        self._lines = lines
        self._scenes = scenes
        self._findings = findings
        self._anchors = Anchors(scenes)
        self.state = self._state()

    def objectives(self, capability: str) -> tuple[Objective, ...]:
        entries = self._values["objectives"] or {}
        return tuple(
            Objective(
                key, Bilingual(row["title"]), row["capability"] or capability, row["critical"]
            )
            for key, row in entries.items()
        )

    def labels(self) -> dict[str, str]:
        labels: dict[str, str] = self._values["labels"]
        for name in labels:
            if name not in self.state:
                self._note("labels", "D014", name=name, known=", ".join(self.state))
        return labels

    def best(self) -> Condition | None:
        text = self._values["best"]
        if text is None:
            return None
        line = self._lines.get("best", 1)
        try:
            condition = parse_condition(text)
        except Unreadable as fault:
            self._note("best", "D013", text=text, detail_zh=fault.zh, detail_en=fault.en)
            return None
        return condition if self._is_sound(condition, line) else None

    def start(self) -> str:
        marked = [scene for scene in self._scenes if scene.marks.given.get("start")]
        for scene in marked[1:]:
            self._findings.add(scene.line, "D006", title=scene.title, first=marked[0].title)
        first = marked[0] if marked else self._scenes[0] if self._scenes else None
        return first.id if first is not None else ""

    def scenes(self) -> tuple[Scene, ...]:
        if not self._scenes:
            self._findings.add(1, "D005")
        elif not any(scene.marks.given.get("ending") for scene in self._scenes):
            self._findings.add(self._scenes[-1].line, "D007")
        seen: dict[str, int] = {}
        for scene in self._scenes:
            for part in (scene, *scene.decisions):
                self._check_id(part, seen)
        return tuple(self._scene(scene) for scene in self._scenes)

    # Private methods

    def _scene(self, scene: SceneDraft) -> Scene:
        is_ending = bool(scene.marks.given.get("ending"))
        if is_ending and scene.decisions:
            self._findings.add(scene.line, "D020", title=scene.title)
        elif not is_ending and not scene.decisions:
            self._findings.add(scene.line, "D102", title=scene.title)
        misplaced = set(scene.marks.given) - {"start", "ending"}
        for name in sorted(misplaced):
            self._findings.add(scene.line, "D022", chip=name, title=scene.title)
        return Scene(
            id=scene.id,
            title=Bilingual(scene.title),
            text=Bilingual(scene.text),
            decisions=tuple(self._decision(one, scene) for one in scene.decisions),
            injects=tuple(self._inject(one) for one in scene.injects),
            notes=Bilingual(scene.notes) if scene.notes else None,
            line=scene.line,
        )

    def _decision(self, decision: DecisionDraft, scene: SceneDraft) -> Decision:
        given = decision.marks.given
        for name in sorted(set(given) & {"start", "ending"}):
            self._findings.add(decision.line, "D022", chip=name, title=decision.title)
        if len(decision.options) < 2:
            self._findings.add(decision.line, "D010", title=decision.title)
        known = self._values["objectives"] or {}
        keys = tuple(dict.fromkeys(given.get("objectives", ())))
        if not keys:
            self._findings.add(decision.line, "D018", title=decision.title)
        for key in keys:
            if key not in known:
                args = {"key": key, "known": ", ".join(known)}
                self._findings.add(decision.line, "D021", **args)
        timeout, seconds = given.get("timeout"), given.get("seconds", 0)
        if timeout is not None and timeout >= len(decision.options):
            count = len(decision.options)
            self._findings.add(decision.line, "D023", number=timeout + 1, count=count)
        if timeout is not None and not seconds:
            self._findings.add(decision.line, "D025", title=decision.title)
        return Decision(
            id=decision.id,
            title=Bilingual(decision.title),
            text=Bilingual(decision.text),
            objectives=keys,
            options=tuple(self._option(one, decision, scene) for one in decision.options),
            seconds=seconds,
            timeout=timeout,
            injects=tuple(self._inject(one) for one in decision.injects),
            notes=Bilingual(decision.notes) if decision.notes else None,
            laws=given.get("laws", ()),
            roles=given.get("roles", ()),
            line=decision.line,
        )

    def _option(self, option: OptionDraft, decision: DecisionDraft, scene: SceneDraft) -> Option:
        marks = option.marks
        if not option.text:
            self._findings.add(option.line, "Q011")
        if marks.rating is None:
            self._findings.add(option.line, "D011", option=option.text)
        for part in (*marks.effects, *([marks.condition] if marks.condition else [])):
            self._is_sound(part, option.line)
        return Option(
            text=Bilingual(option.text),
            target=self._anchors.target(option, decision, scene, self._findings),
            rating=marks.rating or "U",
            effects=marks.effects,
            condition=marks.condition,
            reason=Bilingual(option.reason) if option.reason else None,
            line=option.line,
        )

    def _inject(self, inject: InjectDraft) -> Inject:
        condition = inject.marks.condition
        if condition is not None:
            self._is_sound(condition, inject.line)
        return Inject(
            minutes=inject.minutes,
            text=Bilingual(inject.text),
            is_relative=inject.is_relative,
            condition=condition,
            roles=inject.marks.roles,
            line=inject.line,
        )

    def _state(self) -> dict[str, float | bool]:
        state: dict[str, float | bool] = self._values["state"]
        for name in state:
            if not is_name(name):
                self._note("state", "D026", name=name)
        return state

    def _is_sound(self, part: Condition | Effect, line: int) -> bool:
        """Whether every name is declared and of the kind that is asked for."""
        names = names_of(part)
        unknown = sorted(names - set(self.state))
        for name in unknown:
            self._findings.add(line, "D014", name=name, known=", ".join(self.state))
        if unknown:
            return False
        wrong = misfit(part, self.state)
        if wrong:
            self._findings.add(line, "D015", name=wrong)
        return not wrong

    def _check_id(self, part: Part, seen: dict[str, int]) -> None:
        if not part.id:
            self._findings.add(part.line, "D001", title=part.title)
        elif part.id in seen:
            self._findings.add(part.line, "D002", id=part.id, other=seen[part.id])
        seen.setdefault(part.id, part.line)

    def _note(self, key: str, code: str, **args: object) -> None:
        self._findings.add(self._lines.get(key, 1), code, **args)
