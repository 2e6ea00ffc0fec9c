"""A drill and its English edition put together: words are added, the play stays the Chinese one's.

Where the edition repeats a chip or a link it must say the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from portal.core.capabilities import Bilingual
from portal.core.drill_drafts import DecisionDraft, OptionDraft, SceneDraft
from portal.core.drill_injects import InjectDraft
from portal.core.drill_links import Anchors
from portal.core.drills import Decision, Drill, Inject, Option, Scene
from portal.core.findings import Findings


def merge_drill(
    drill: Drill,
    words: Mapping[str, Any],
    intro: str,
    scenes: Sequence[SceneDraft],
    findings: Findings,
) -> Drill:
    """``drill`` with English words; ``findings`` belongs to the English file."""
    objectives = words.get("objectives") or {}
    labels = words.get("labels") or {}
    for name in labels:
        if name not in drill.state:
            findings.add(1, "D014", name=name, known=", ".join(drill.state))
    for key, row in objectives.items():
        _check_objective(drill, key, row, findings)
    merger = _Merger(scenes, findings)
    return replace(
        drill,
        title=Bilingual(drill.title.zh, words.get("title")),
        role=Bilingual(drill.role.zh, words.get("role")),
        intro=Bilingual(drill.intro.zh, intro or None),
        objectives=tuple(
            replace(one, title=Bilingual(one.title.zh, objectives.get(one.key, {}).get("title")))
            for one in drill.objectives
        ),
        labels={
            name: Bilingual(drill.labels[name].zh if name in drill.labels else name, label)
            for name, label in (dict.fromkeys(drill.labels) | labels).items()
        },
        scenes=tuple(merger.scene(scene) for scene in merger.known(drill)),
        has_english=words.get("title") is not None,
    )


# Private functions


def _check_objective(drill: Drill, key: str, row: Mapping[str, Any], findings: Findings) -> None:
    known = {one.key: one for one in drill.objectives}
    if key not in known:
        findings.add(1, "D021", key=key, known=", ".join(known))
        return
    for name in ("capability", "critical"):
        source = getattr(known[key], name)
        if row[name] is not None and row[name] != source:
            args = {"key": f"{key}.{name}", "value": row[name], "source": source}
            findings.add(1, "F012", **args)


class _Merger:
    def __init__(self, scenes: Sequence[SceneDraft], findings: Findings) -> None:
        self._scenes = {scene.id: scene for scene in scenes if scene.id}
        self._drafts = scenes
        self._anchors = Anchors(scenes)
        self._findings = findings

    def known(self, drill: Drill) -> tuple[Scene, ...]:
        """The drill's scenes, after noting what the edition has beyond them."""
        ids = {scene.id for scene in drill.scenes} | {one.id for _, one in drill.decisions()}
        for scene in self._drafts:
            for part in (scene, *scene.decisions):
                if not part.id:
                    self._findings.add(part.line, "D001", title=part.title)
                elif part.id not in ids:
                    self._findings.add(part.line, "D301", id=part.id)
        return drill.scenes

    def scene(self, scene: Scene) -> Scene:
        other = self._scenes.get(scene.id)
        if other is None:
            self._findings.add(1, "D302", id=scene.id)
            return scene
        self._compare(scene.id, {}, {}, other.line)
        decisions = {one.id: one for one in other.decisions}
        return replace(
            scene,
            title=Bilingual(scene.title.zh, other.title or None),
            text=Bilingual(scene.text.zh, other.text or None),
            notes=_optional(scene.notes, other.notes),
            injects=self._injects(scene.id, scene.injects, other.injects, other.line),
            decisions=tuple(
                self._decision(one, decisions.get(one.id), other) for one in scene.decisions
            ),
        )

    # Private methods

    def _decision(
        self, decision: Decision, other: DecisionDraft | None, scene: SceneDraft
    ) -> Decision:
        if other is None:
            self._findings.add(scene.line, "D302", id=decision.id)
            return decision
        source = {
            "objectives": decision.objectives,
            "seconds": decision.seconds,
            "timeout": decision.timeout,
            "laws": decision.laws,
            "roles": decision.roles,
        }
        self._compare(decision.id, source, other.marks.given, other.line)
        options: tuple[Option, ...] = decision.options
        if len(other.options) != len(options):
            count = {"source": len(options), "other": len(other.options)}
            self._findings.add(other.line, "D303", id=decision.id, **count)
        else:
            options = tuple(
                self._option(decision.id, one, two, other, scene)
                for one, two in zip(options, other.options, strict=True)
            )
        return replace(
            decision,
            title=Bilingual(decision.title.zh, other.title or None),
            text=Bilingual(decision.text.zh, other.text or None),
            notes=_optional(decision.notes, other.notes),
            injects=self._injects(decision.id, decision.injects, other.injects, other.line),
            options=options,
        )

    def _option(
        self,
        owner: str,
        option: Option,
        other: OptionDraft,
        decision: DecisionDraft,
        scene: SceneDraft,
    ) -> Option:
        source = {
            "rating": option.rating,
            "effects": option.effects,
            "condition": option.condition,
        }
        self._compare(owner, source, other.marks.given, other.line)
        if other.slug:
            target = self._anchors.target(other, decision, scene, self._findings)
            if target and target != option.target:
                self._findings.add(other.line, "D304", id=owner, chip=f"#{other.slug}")
        return replace(
            option,
            text=Bilingual(option.text.zh, other.text or None),
            reason=_optional(option.reason, other.reason),
        )

    def _injects(
        self, owner: str, injects: tuple[Inject, ...], others: Sequence[InjectDraft], line: int
    ) -> tuple[Inject, ...]:
        if len(injects) != len(others):
            count = {"source": len(injects), "other": len(others)}
            self._findings.add(line, "D305", id=owner, **count)
            return injects
        merged = []
        for inject, other in zip(injects, others, strict=True):
            source = {"condition": inject.condition, "roles": inject.roles}
            self._compare(owner, source, other.marks.given, other.line)
            times = (other.minutes, other.is_relative)
            if other.is_timed and times != (inject.minutes, inject.is_relative):
                self._findings.add(other.line, "D304", id=owner, chip="T+")
            merged.append(replace(inject, text=Bilingual(inject.text.zh, other.text or None)))
        return tuple(merged)

    def _compare(
        self, owner: str, source: Mapping[str, Any], given: Mapping[str, Any], line: int
    ) -> None:
        """Note the first chip that the edition repeats with another meaning."""
        for name, value in given.items():
            if name == "laws":
                same = set(value) <= set(source.get("laws", ()))
            else:
                same = name in source and source[name] == value
            if not same:
                self._findings.add(line, "D304", id=owner, chip=name)
                return


def _optional(source: Bilingual | None, other: str) -> Bilingual | None:
    return None if source is None else Bilingual(source.zh, other or None)
