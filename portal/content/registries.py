"""What content refers to: capabilities and statutes; beside them owners and renumberings.

The first two are served in their last good version where the file is broken now. The others may
be missing, and are served without their bad entries.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256

from portal.content.cache import Good
from portal.content.snapshot import Snapshot
from portal.content.tree import MODELS, TABLES
from portal.core.capabilities import CapabilityModel
from portal.core.capability_parser import parse_capabilities
from portal.core.owners import Owners, parse_owners
from portal.core.problem_texts import severity_of
from portal.core.problems import Problem
from portal.core.renumbering import Renumbering, parse_renumbering
from portal.core.statutes import StatuteRegistry, parse_statutes


@dataclass(slots=True)
class Registries:
    """What is served, what is wrong with the files, and which texts became last good versions.

    ``statutes_hash`` changes with every text that other content is checked against.
    """

    capabilities: CapabilityModel | None = None
    statutes: StatuteRegistry | None = None
    statutes_text: str = ""
    statutes_hash: str = ""
    owners: Owners = field(default_factory=Owners)
    renumbering: Renumbering = field(default_factory=Renumbering)
    problems: list[Problem] = field(default_factory=list)
    goods: dict[str, Good] = field(default_factory=dict)


def read_registries(snapshot: Snapshot, goods: Mapping[str, Good]) -> Registries:
    """Both registries of ``snapshot``; ``goods`` are the last good versions so far."""
    found = Registries()
    for path in MODELS:
        source = snapshot.sources.get(path)
        if source is None:
            found.problems.append(Problem(path, 1, "X012", {"name": path}))
        elif source.problem is not None:
            found.problems.append(source.problem)
            _serve_good(found, path, goods.get(path))
        else:
            _serve(found, path, source.text, goods.get(path))
    for path in TABLES:
        source = snapshot.sources.get(path)
        if source is not None and source.problem is not None:
            found.problems.append(source.problem)
        elif source is not None:
            _read_table(found, path, source.text)
    return found


# Private functions


def _read_table(found: Registries, path: str, text: str) -> None:
    if path.endswith(".tsv"):
        found.renumbering, problems = parse_renumbering(text, path)
    else:
        owners, problems = parse_owners(text, path)
        found.owners = owners or Owners()
    found.problems += problems


def _serve(found: Registries, path: str, text: str, good: Good | None) -> None:
    value, problems = _parse(path, text)
    found.problems += problems
    if any(severity_of(problem) == "error" for problem in problems):
        if good is not None or value is None:
            _serve_good(found, path, good)
            return
    elif good is None or good.zh != text:
        found.goods[path] = Good("", text, None)
    _set(found, value, text)


def _serve_good(found: Registries, path: str, good: Good | None) -> None:
    if good is not None:
        _set(found, _parse(path, good.zh)[0], good.zh)


def _parse(path: str, text: str) -> tuple[CapabilityModel | StatuteRegistry | None, list[Problem]]:
    if path.endswith("capabilities.toml"):
        return parse_capabilities(text, path)
    return parse_statutes(text, path)


def _set(found: Registries, value: CapabilityModel | StatuteRegistry | None, text: str) -> None:
    if isinstance(value, CapabilityModel):
        found.capabilities = value
    elif isinstance(value, StatuteRegistry):
        found.statutes, found.statutes_text = value, text
        found.statutes_hash = sha256(text.encode()).hexdigest()
