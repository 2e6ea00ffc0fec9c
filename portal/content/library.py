"""The content folder as a ``Catalogue`` that is always whole.

``refresh`` reads the tree, proves that nothing changed while it was read, parses what is new, and
puts a finished catalogue in the old one's place in one assignment. A file with errors is listed
with its problems while its last good version stays in service; a deleted file is gone.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from portal.content.assembly import Assembler, Served
from portal.content.assets import find_asset
from portal.content.cache import Cache, Good
from portal.content.fingerprint import PARSERS
from portal.content.linked import LinkChecker
from portal.content.parsing import Job, Row, kind_of_path, row_from_text
from portal.content.reading import Source, read_source
from portal.content.tree import MODELS, Tree, chinese_of, english_of, is_english, list_tree
from portal.content.workers import parse_all
from portal.core.capabilities import CapabilityModel
from portal.core.capability_parser import parse_capabilities
from portal.core.catalogue import Catalogue
from portal.core.content_json import course_from_json
from portal.core.problem_texts import severity_of
from portal.core.problems import Problem
from portal.core.statutes import StatuteRegistry, parse_statutes

_LOG = logging.getLogger(__name__)
_TRIES = 5
_PAUSE_S = 0.05
# A file that changed less than this before it was read may change again within the same tick of
# the file system's clock: its listing cannot be trusted, so it is read again next time.
_RACY_NS = 2_000_000_000


@dataclass(slots=True)
class _Read:
    """What was read in one moment: listing, sources by path, and when."""

    tree: Tree
    sources: dict[str, Source]
    racy: frozenset[str] = frozenset()


@dataclass(slots=True)
class _Models:
    """The two registries that content refers to, with what is wrong with them."""

    capabilities: CapabilityModel | None = None
    statutes: StatuteRegistry | None = None
    statutes_text: str = ""
    _hash: str = ""
    problems: list[Problem] = field(default_factory=list)
    goods: dict[str, Good] = field(default_factory=dict)

    @property
    def statutes_hash(self) -> str:
        if not self._hash:
            self._hash = sha256(self.statutes_text.encode()).hexdigest()
        return self._hash


class Library:
    """The content below ``root`` (it holds ``courses/`` and ``quizzes/``).

    ``catalogue`` may be read from any thread at any time. ``cache`` is the file of the content
    cache; with None, last good versions live as long as this object.
    """

    def __init__(self, root: Path, cache: Path | None = None) -> None:
        self.root = root
        self.catalogue = Catalogue(fingerprint="")
        self._cache = Cache(cache)
        self._lock = threading.Lock()
        self._read: _Read | None = None
        self._rows: dict[str, Row] = {}  # by key, those in use
        self._goods = self._cache.goods()
        self._assembler = Assembler(self._cache)
        self._links = LinkChecker(root)

    def refresh(self) -> bool:
        """Read what changed; True when the catalogue is a new one.

        Never leaves a half-read tree in service: if files keep changing while they are read, the
        catalogue stays as it is and the next call tries again.
        """
        with self._lock:
            read = _read_tree(self.root, self._read)
            if read is None or (self._read is not None and read is self._read):
                return False
            self._read = read
            catalogue = self._build(read)
            before = self.catalogue
            if (catalogue.fingerprint, catalogue.problems) == (before.fingerprint, before.problems):
                return False
            self.catalogue = catalogue
            return True

    def source(self, path: str) -> str:
        """The text of a content file as it was last read; "" when there is none."""
        read = self._read
        found = read.sources.get(path) if read is not None else None
        return found.text if found is not None else ""

    def asset(self, course: str, relpath: str) -> Path | None:
        """A picture or file of ``course`` that may be sent to a browser; None for all else."""
        return find_asset(self.root, course, relpath)

    def known_ids(self) -> set[str]:
        """Ids of all questions, those of files with errors included."""
        return {fact.id for row in self._rows.values() for fact in row.facts}

    # Private methods

    def _build(self, read: _Read) -> Catalogue:
        models = _read_models(read, self._goods)
        courses = [path for path in read.sources if kind_of_path(path) == "course"]
        others = [
            path
            for path in sorted(read.sources)
            if path not in MODELS and not is_english(path) and kind_of_path(path) != "course"
        ]
        served: dict[str, Served] = {}
        keys: dict[str, Row] = {}
        fresh: dict[str, str] = {}
        goods: dict[str, Good] = dict(models.goods)
        capabilities: dict[str, str] = {}
        for paths in (sorted(path for path in courses if not is_english(path)), others):
            jobs = {path: self._job(path, read, capabilities) for path in paths}
            found = self._parse(jobs, models, fresh)
            for path in paths:
                row, key = found[path]
                keys[key] = row
                served[path] = self._choose(path, row, key, jobs[path], read, models, keys, goods)
                shown = served[path].row
                if shown.kind == "course":
                    capabilities[path.split("/")[1]] = course_from_json(shown.value).capability
        gone = [path for path in self._goods if path not in read.sources]
        self._rows = keys
        self._remember(fresh, goods, gone, keys)
        problems = [*models.problems, *_stray_problems(read)]
        links = (link for one in served.values() if one.is_current for link in one.row.links)
        problems += self._links.check(links, read.tree)
        return self._assembler.assemble(
            served, read.tree.folders, models.capabilities, models.statutes, problems
        )

    def _job(self, path: str, read: _Read, capabilities: Mapping[str, str]) -> Job | None:
        """What ``path`` is parsed from; None when it cannot be read."""
        source = read.sources[path]
        if source.problem is not None:
            return None
        edition = read.sources.get(english_of(path))
        english = edition.text if edition is not None and edition.problem is None else None
        return Job(path, source.text, english, capabilities.get(path.split("/")[1], ""))

    def _parse(
        self, jobs: Mapping[str, Job | None], models: _Models, fresh: dict[str, str]
    ) -> dict[str, tuple[Row, str]]:
        """Row and key of every path: from memory, from the cache, or parsed now."""
        keys = {path: _key(job, models) for path, job in jobs.items() if job is not None}
        unknown = [key for key in keys.values() if key not in self._rows]
        cached = self._cache.rows(unknown)
        rows = {key: row_from_text(text) for key, text in cached.items()}
        wanted = [
            job
            for path, job in jobs.items()
            if job is not None and keys[path] not in self._rows and keys[path] not in rows
        ]
        for job, text in zip(
            wanted, parse_all(wanted, models.statutes, models.statutes_text), strict=True
        ):
            fresh[keys[job.path]] = text
            rows[keys[job.path]] = row_from_text(text)
        found: dict[str, tuple[Row, str]] = {}
        for path in jobs:
            if path not in keys:
                found[path] = (Row(path), "")
            else:
                key = keys[path]
                found[path] = (self._rows.get(key) or rows[key], key)
        return found

    def _choose(
        self,
        path: str,
        row: Row,
        key: str,
        job: Job | None,
        read: _Read,
        models: _Models,
        keys: dict[str, Row],
        goods: dict[str, Good],
    ) -> Served:
        """The version of a file that is served: this one, or the last good one."""
        problems = [*row.problems]
        for name in (path, english_of(path)):
            source = read.sources.get(name)
            if source is not None and source.problem is not None:
                problems.append(source.problem)
        broken = any(one.path == path and severity_of(one) == "error" for one in problems)
        edition_broken = any(one.path != path and severity_of(one) == "error" for one in problems)
        good = self._goods.get(path)
        if not broken and not edition_broken:
            if job is not None and (good is None or good.key != key):
                goods[path] = Good(key, job.zh, job.english)
            return Served(row, key, tuple(problems))
        if good is not None and (broken or (job is not None and good.zh == job.zh)):
            old, old_key = self._good_row(path, good, models, job)
            if old is not None:
                keys[old_key] = old
                return Served(old, old_key, tuple(problems), is_current=False)
        return Served(row, key, tuple(problems), is_whole=not broken)

    def _good_row(
        self, path: str, good: Good, models: _Models, job: Job | None
    ) -> tuple[Row | None, str]:
        """The row of a last good version, parsed again where the parsers have changed since."""
        row = self._rows.get(good.key)
        if row is None:
            text = self._cache.rows([good.key]).get(good.key)
            row = row_from_text(text) if text is not None else None
        if row is not None:
            return row, good.key
        again = Job(path, good.zh, good.english, job.capability if job is not None else "")
        text = parse_all([again], models.statutes, models.statutes_text)[0]
        return row_from_text(text), good.key

    def _remember(
        self,
        fresh: Mapping[str, str],
        goods: Mapping[str, Good],
        gone: list[str],
        keys: Mapping[str, Row],
    ) -> None:
        self._goods |= goods
        for path in gone:
            del self._goods[path]
        if fresh or goods or gone:
            used = [*keys, *(good.key for good in self._goods.values())]
            self._cache.store(fresh, goods, gone, used)


# Private functions


def _read_tree(root: Path, before: _Read | None) -> _Read | None:
    """All sources of one moment; ``before`` itself when nothing changed; None when files keep
    changing. Files whose listing is the same as before are not read again."""
    for _ in range(_TRIES):
        tree = list_tree(root)
        if before is not None and tree == before.tree and not before.racy:
            return before
        now = time.time_ns()
        sources = {path: _source(root, path, tree, before) for path in tree.stats}
        if list_tree(root) == tree:
            racy = frozenset(path for path in tree.stats if now - tree.newest_ns(path) < _RACY_NS)
            if before is not None and tree == before.tree and sources == before.sources:
                before.racy = racy
                return before
            return _Read(tree, sources, racy)
        time.sleep(_PAUSE_S)
    _LOG.warning("content keeps changing while it is read; the last catalogue stays in service")
    return None


def _source(root: Path, path: str, tree: Tree, before: _Read | None) -> Source:
    if (
        before is not None
        and path not in before.racy
        and before.tree.stats.get(path) == tree.stats[path]
    ):
        return before.sources[path]
    return read_source(root, path)


def _key(job: Job, models: _Models) -> str:
    """What a parse depends on, as a hash: sources, place, defaults, laws and the parsers."""
    digest = sha256(PARSERS.encode())
    laws = models.statutes_hash if models.statutes is not None else ""
    for part in (job.path, job.capability, laws, job.zh, job.english):
        digest.update(b"\0-" if part is None else b"\0+" + part.encode())
    return digest.hexdigest()


def _read_models(read: _Read, goods: Mapping[str, Good]) -> _Models:
    """Both registries, each in its last good version where it is broken now."""
    models = _Models()
    for path in MODELS:
        source = read.sources.get(path)
        if source is None:
            models.problems.append(Problem(path, 1, "X012", {"name": path}))
            continue
        texts = [source.text] if source.problem is None else []
        if source.problem is not None:
            models.problems.append(source.problem)
        good = goods.get(path)
        if good is not None and good.zh not in texts:
            texts.append(good.zh)
        for text in texts:
            value, problems = _model(path, text)
            clean = not any(severity_of(problem) == "error" for problem in problems)
            if text is source.text and source.problem is None:
                models.problems += problems
            if clean or text is texts[-1]:
                _set_model(models, path, value, text)
                if clean and (good is None or good.zh != text):
                    models.goods[path] = Good("", text, None)
                break
    return models


def _model(path: str, text: str) -> tuple[CapabilityModel | StatuteRegistry | None, list[Problem]]:
    if path.endswith("capabilities.toml"):
        return parse_capabilities(text, path)
    return parse_statutes(text, path)


def _set_model(
    models: _Models, path: str, value: CapabilityModel | StatuteRegistry | None, text: str
) -> None:
    if isinstance(value, CapabilityModel):
        models.capabilities = value
    elif isinstance(value, StatuteRegistry):
        models.statutes, models.statutes_text = value, text


def _stray_problems(read: _Read) -> list[Problem]:
    """Links that lead out, unfit names, and English editions without a Chinese file."""
    problems = [Problem(path, 1, "X004", {}) for path in read.tree.outside]
    for path in read.tree.unfit:
        problems.append(Problem(path, 1, "X009", {"name": path.rpartition("/")[2]}))
    for path in read.sources:
        if is_english(path) and chinese_of(path) not in read.sources:
            name = chinese_of(path).rpartition("/")[2]
            problems.append(Problem(path, 1, "X008", {"source": name}))
    return problems
