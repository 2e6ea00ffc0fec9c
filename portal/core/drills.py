"""What a drill is: objectives, scenes with timed injects, decisions with rated options.

A drill is read from the Chinese file; its English edition only adds words. Markdown fields hold
source text. ``P S M U`` are the ratings of exercise evaluation (HSEEP 2020): performed, performed
with some challenges, performed with major challenges, unable to be performed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from portal.core.capabilities import Bilingual
from portal.core.drill_grammar import Condition, Effect, Value
from portal.core.questions import Citation

Rating = Literal["P", "S", "M", "U"]
Mode = Literal["tabletop", "functional"]
Blind = Literal["none", "single", "double"]
Role = Literal["command", "scene", "information", "support"]

RATINGS: tuple[Rating, ...] = get_args(Rating)  # best first
ROLES: tuple[Role, ...] = get_args(Role)
ELAPSED = "elapsed"  # the state that counts scenario minutes
DEFAULT_PACE = 10.0


@dataclass(frozen=True, slots=True)
class Objective:
    key: str
    title: Bilingual
    capability: str  # key of capabilities.toml
    critical: bool = False


@dataclass(frozen=True, slots=True)
class Inject:
    """News that arrives. ``minutes`` are scenario minutes: after the drill's beginning (``T+5``),
    or after the step that it belongs to began (``+5``, ``is_relative``)."""

    minutes: float
    text: Bilingual  # Markdown
    is_relative: bool = False
    condition: Condition | None = None
    roles: tuple[Role, ...] = ()  # whom it reaches in a group; empty: everybody
    is_plain: bool = False  # a facilitator typed it at the table: not Markdown, shown as it stands
    line: int = field(default=1, compare=False)


@dataclass(frozen=True, slots=True)
class Option:
    """``target`` is the id of a scene, or of a decision of the same scene."""

    text: Bilingual  # plain
    target: str
    rating: Rating
    effects: tuple[Effect, ...] = ()
    condition: Condition | None = None
    reason: Bilingual | None = None  # Markdown
    line: int = field(default=1, compare=False)


@dataclass(frozen=True, slots=True)
class Decision:
    """``seconds`` 0: no limit; ``timeout`` is the position of the option that is taken when time
    is up, None: the worst that can be chosen."""

    id: str
    title: Bilingual
    text: Bilingual  # Markdown
    objectives: tuple[str, ...]
    options: tuple[Option, ...]
    seconds: int = 0
    timeout: int | None = None
    injects: tuple[Inject, ...] = ()
    notes: Bilingual | None = None  # Markdown, for the facilitator
    laws: tuple[Citation, ...] = ()
    roles: tuple[Role, ...] = ()  # who decides in a group; empty: all, by vote
    line: int = field(default=1, compare=False)


@dataclass(frozen=True, slots=True)
class Scene:
    """A scene with no decision is an ending, and an ending has none."""

    id: str
    title: Bilingual
    text: Bilingual  # Markdown
    decisions: tuple[Decision, ...] = ()
    injects: tuple[Inject, ...] = ()
    notes: Bilingual | None = None  # Markdown, for the facilitator
    line: int = field(default=1, compare=False)

    @property
    def is_ending(self) -> bool:
        return not self.decisions


@dataclass(frozen=True, slots=True)
class Drill:
    """``id`` is ``<course>/<file stem>``. ``minutes``: how long a run takes; ``pace``: seconds in
    which a minute of the scenario passes while people think; ``best``: what the best run's end
    fulfils. The engine relies on what the parser proved: targets exist, names are declared."""

    id: str
    course: str
    title: Bilingual
    role: Bilingual
    minutes: int
    objectives: tuple[Objective, ...]
    scenes: tuple[Scene, ...]
    start: str  # id of the first scene
    state: Mapping[str, Value] = field(default_factory=dict)
    labels: Mapping[str, Bilingual] = field(default_factory=dict)
    best: Condition | None = None
    mode: Mode = "tabletop"
    blind: Blind = "single"
    pace: float = DEFAULT_PACE
    intro: Bilingual = field(default_factory=lambda: Bilingual(""))  # Markdown before scene 1
    has_english: bool = False
    path: str = field(default="", compare=False)

    def scene(self, scene_id: str) -> Scene:
        """The scene of that id. Raises KeyError."""
        for scene in self.scenes:
            if scene.id == scene_id:
                return scene
        raise KeyError(scene_id)

    def decisions(self) -> Iterator[tuple[Scene, Decision]]:
        """Every decision with its scene, in file order."""
        for scene in self.scenes:
            for decision in scene.decisions:
                yield scene, decision

    def decision(self, decision_id: str) -> Decision:
        """The decision of that id. Raises KeyError."""
        for _, decision in self.decisions():
            if decision.id == decision_id:
                return decision
        raise KeyError(decision_id)

    def objective(self, key: str) -> Objective:
        """The objective of that key. Raises KeyError."""
        for objective in self.objectives:
            if objective.key == key:
                return objective
        raise KeyError(key)

    def label(self, name: str) -> Bilingual:
        """What people call the state ``name``."""
        return self.labels.get(name) or LABELS.get(name) or Bilingual(name)


# States that need no label of their own.
LABELS: Mapping[str, Bilingual] = {
    "elapsed": Bilingual("已过时间（分钟）", "Minutes gone"),
    "casualties": Bilingual("伤亡（人）", "Casualties"),
    "injured": Bilingual("受伤（人）", "Injured"),
    "deaths": Bilingual("死亡（人）", "Deaths"),
    "trapped": Bilingual("被困（人）", "Trapped"),
    "missing": Bilingual("失联（人）", "Missing"),
    "evacuated": Bilingual("已疏散", "Evacuated"),
    "reported": Bilingual("已上报", "Reported"),
    "trust": Bilingual("群众信任", "Public trust"),
}
