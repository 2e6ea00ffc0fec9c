"""Every way through a drill: which steps are reached in which state, and how long the ways are.

A *step* is a decision that waits to be taken, or an ending; its name is the id of either. Ways
are explored breadth first over (step, state); of the state, only names matter that a condition,
``best`` or the clock reads, so that ways which differ in nothing else fall together.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from portal.core.drill_grammar import Value, changed, holds, names_in, names_read
from portal.core.drills import ELAPSED, Decision, Drill, Inject, Option, Scene

MAX_NODES = 30_000
MAX_MOVES = 50_000
MAX_DEPTH = 80  # decisions on one way; more than anybody plays
_READING = 6.0  # characters a second, on a phone
_THINKING = 30  # seconds that a decision takes, at most its limit

Node = tuple[str, tuple[Value, ...]]


@dataclass(slots=True)
class Way:
    """How long ways to an ending are: decisions, playing seconds, scenario minutes (None when
    the drill counts none)."""

    decisions: int
    seconds: float
    elapsed: float | None = None


@dataclass(slots=True)
class Walks:
    """What exploring found. ``loop``: steps on a way that leads back to itself in the same state,
    or that goes on for more than ``MAX_DEPTH`` decisions. ``is_complete`` False: the bounds were
    hit, and what was not found may still be there. Lengths are known only of drills that end."""

    reached: set[str] = field(default_factory=set)
    stuck: set[str] = field(default_factory=set)
    loop: tuple[str, ...] = ()
    is_complete: bool = True
    is_best_reached: bool = False
    shortest: Way | None = None
    longest: Way | None = None
    endings: dict[str, tuple[Way, Way]] = field(default_factory=dict)  # shortest, longest
    late: dict[int, tuple[Inject, float]] = field(default_factory=dict)  # by line; clock then


class Steps:
    """The steps of a drill by name, ready to be asked often."""

    def __init__(self, drill: Drill) -> None:
        self.scenes: dict[str, Scene] = {}
        self.decisions: dict[str, Decision] = {}
        self._entries: dict[str, str] = {}
        for scene in drill.scenes:
            first = scene.decisions[0].id if scene.decisions else scene.id
            self._entries[scene.id] = first
            self.scenes[first] = self.scenes[scene.id] = scene
            for decision in scene.decisions:
                self._entries[decision.id] = decision.id
                self.decisions[decision.id] = decision
                self.scenes[decision.id] = scene
        self.start = self._entries[drill.start]

    def entry(self, target: str) -> str:
        """The step that a scene or decision ``target`` begins with."""
        return self._entries[target]

    def is_first(self, step: str) -> bool:
        """Whether the scene's own text is met at ``step``."""
        return self._entries[self.scenes[step].id] == step

    def injects(self, step: str) -> tuple[Inject, ...]:
        """Injects that may arrive at ``step``: the scene's at its first step, and its own."""
        scene = self.scenes[step]
        own = self.decisions[step].injects if step in self.decisions else ()
        return (*scene.injects, *own) if self.is_first(step) else own


def open_options(decision: Decision, state: Mapping[str, Value]) -> Iterator[tuple[int, Option]]:
    """The options that can be chosen in ``state``, with their positions."""
    for position, option in enumerate(decision.options):
        if option.condition is None or holds(option.condition, state):
            yield position, option


def explore(drill: Drill) -> Walks:
    """Explore ``drill``, whose targets and names are sound."""
    return _Explorer(drill).explore()


# Private functions


class _Explorer:
    def __init__(self, drill: Drill) -> None:
        self.drill = drill
        self.steps = Steps(drill)
        self.walks = Walks()
        self.names = tuple(sorted(_names_that_matter(drill)))
        self.edges: dict[Node, list[Node]] = {}
        self.costs = {step: self._cost(step) for step in self._all_steps()}

    def explore(self) -> Walks:
        first = (self.steps.start, self._key(self.drill.state))
        self._spread(first)
        order = self._order(first)
        if order is not None and self.walks.is_complete and not self.walks.loop:
            self._measure(first, order)
        return self.walks

    # Private methods

    def _all_steps(self) -> list[str]:
        endings = [scene.id for scene in self.drill.scenes if scene.is_ending]
        return [*self.steps.decisions, *endings]

    def _key(self, state: Mapping[str, Value]) -> tuple[Value, ...]:
        return tuple(state[name] for name in self.names)

    def _spread(self, first: Node) -> None:
        walks, queue = self.walks, deque([(first, 0)])
        self.edges[first] = []
        moves = 0
        while queue:
            node, depth = queue.popleft()
            step, values = node
            walks.reached.add(step)
            state = {**self.drill.state, **dict(zip(self.names, values, strict=True))}
            if step not in self.steps.decisions:
                best = self.drill.best
                walks.is_best_reached |= best is None or holds(best, state)
                continue
            after = list(self._moves(step, state))
            if not after:
                walks.stuck.add(step)
            moves += len(after)
            if moves > MAX_MOVES:
                walks.is_complete = False
                return
            for other in after:
                self.edges[node].append(other)
                if other in self.edges:
                    continue
                if depth >= MAX_DEPTH:
                    walks.loop = walks.loop or (step, other[0])
                elif len(self.edges) >= MAX_NODES:
                    walks.is_complete = False
                else:
                    self.edges[other] = []
                    queue.append((other, depth + 1))

    def _moves(self, step: str, state: Mapping[str, Value]) -> Iterator[Node]:
        seen = set()
        for _, option in open_options(self.steps.decisions[step], state):
            node = self.steps.entry(option.target), self._key(changed(state, option.effects))
            if node not in seen:
                seen.add(node)
                yield node

    def _order(self, first: Node) -> list[Node] | None:
        """Nodes so that every way runs forward; None, with the loop noted, when there is none."""
        order: list[Node] = []
        open_nodes: dict[Node, None] = {}
        done: set[Node] = set()
        stack = [(first, iter(self.edges[first]))]
        open_nodes[first] = None
        while stack:
            node, children = stack[-1]
            child = next((one for one in children if one in self.edges and one not in done), None)
            if child is None:
                stack.pop()
                del open_nodes[node]
                done.add(node)
                order.append(node)
            elif child in open_nodes:
                way = list(open_nodes)
                steps = [step for step, _ in way[way.index(child) :]]
                self.walks.loop = tuple(dict.fromkeys([*steps, child[0]]))
                return None
            else:
                open_nodes[child] = None
                stack.append((child, iter(self.edges[child])))
        return order[::-1]

    def _measure(self, first: Node, order: list[Node]) -> None:
        """Shortest and longest ways, and injects that come after a later one."""
        short = {first: (0, self.costs[first[0]])}
        long = dict(short)
        clocks = {first: 0.0}
        for node in order:
            clock = self._clock_after(node, clocks[node])
            for child in self.edges[node]:
                cost = self.costs[child[0]]
                count, seconds = short[node]
                short[child] = min(
                    short.get(child, (10**9, 1e18)), (count + 1, seconds + cost), key=_seconds
                )
                count, seconds = long[node]
                long[child] = max(
                    long.get(child, (0, -1.0)), (count + 1, seconds + cost), key=_seconds
                )
                clocks[child] = max(clocks.get(child, 0.0), clock)
            if node[0] not in self.steps.decisions:
                self._note_ending(node, short[node], long[node])

    def _note_ending(self, node: Node, short: tuple[int, float], long: tuple[int, float]) -> None:
        walks = self.walks
        elapsed = self._elapsed(node)
        ways = Way(*short, elapsed), Way(*long, elapsed)
        known = walks.endings.get(node[0], ways)
        walks.endings[node[0]] = _shorter(known[0], ways[0]), _longer(known[1], ways[1])
        walks.shortest = _shorter(walks.shortest or ways[0], ways[0])
        walks.longest = _longer(walks.longest or ways[1], ways[1])

    def _clock_after(self, node: Node, clock: float) -> float:
        """Scenario minutes when the last inject of ``node`` has come; late ones are noted."""
        step, values = node
        state = {**self.drill.state, **dict(zip(self.names, values, strict=True))}
        start = clock = max(clock, self._elapsed(node) or 0.0)
        for inject in self.steps.injects(step):
            if inject.condition is not None and not holds(inject.condition, state):
                continue
            due = start + inject.minutes if inject.is_relative else inject.minutes
            if due < start - 1e-9:
                self.walks.late.setdefault(inject.line, (inject, start))
            clock = max(clock, due)
        return clock

    def _elapsed(self, node: Node) -> float | None:
        if ELAPSED not in self.names:
            return None
        return float(node[1][self.names.index(ELAPSED)])

    def _cost(self, step: str) -> float:
        """Seconds that reading and thinking take at ``step``."""
        texts = [inject.text.zh for inject in self.steps.injects(step)]
        if self.steps.is_first(step):
            texts.append(self.steps.scenes[step].text.zh)
        decision = self.steps.decisions.get(step)
        thinking = 0
        if decision is not None:
            thinking = min(decision.seconds or _THINKING, _THINKING)
            texts += [decision.title.zh, decision.text.zh]
            texts += [option.text.zh for option in decision.options]
        return sum(len(text) for text in texts) / _READING + thinking


def _names_that_matter(drill: Drill) -> set[str]:
    names = set(names_in(drill.best)) if drill.best is not None else set()
    if ELAPSED in drill.state:
        names.add(ELAPSED)
    options = [option for _, decision in drill.decisions() for option in decision.options]
    injects = [inject for scene in drill.scenes for inject in scene.injects]
    injects += [inject for _, decision in drill.decisions() for inject in decision.injects]
    conditions = [part.condition for part in options] + [part.condition for part in injects]
    for condition in conditions:
        if condition is not None:
            names |= names_in(condition)
    effects = [effect for option in options for effect in option.effects]
    grown = True
    while grown:
        found = {name for one in effects if one.name in names for name in names_read(one)}
        grown = not found <= names
        names |= found
    return names


def _seconds(way: tuple[int, float]) -> float:
    return way[1]


def _shorter(one: Way, two: Way) -> Way:
    return one if one.seconds <= two.seconds else two


def _longer(one: Way, two: Way) -> Way:
    return one if one.seconds >= two.seconds else two
