"""The content folder as a ``Catalogue`` that is always whole.

``refresh`` reads the tree, proves that nothing changed while it was read, parses what is new, and
puts a finished catalogue in the old one's place in one assignment. A file with errors is listed
with its problems while its last good version stays in service; a deleted file is gone.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from portal.content.assembly import Assembler, Served
from portal.content.assets import find_asset
from portal.content.cache import Cache, Good
from portal.content.checking import Checked, Checker, Moment
from portal.content.fingerprint import PARSERS
from portal.content.linked import LinkChecker
from portal.content.parsing import Job, Row, kind_of_path, row_from_text
from portal.content.registries import Registries, read_registries
from portal.content.snapshot import Snapshot, stray_problems, take_snapshot
from portal.content.tree import MODELS, TABLES, english_of, is_english
from portal.content.workers import parse_all
from portal.core.catalogue import Catalogue
from portal.core.catalogue_checks import check_reviews
from portal.core.content_json import course_from_json
from portal.core.problem_texts import severity_of
from portal.core.problems import Problem


class Library:
    """The content below ``root`` (it holds ``courses/`` and ``quizzes/``).

    ``catalogue`` may be read from any thread at any time; it is empty until the first
    ``refresh``. ``cache`` is the file of the content cache; with None, last good versions live as
    long as this object.
    """

    def __init__(self, root: Path, cache: Path | None = None) -> None:
        self.root = root
        self.catalogue = Catalogue(fingerprint="")
        self._cache = Cache(cache)
        self._lock = threading.Lock()
        self._snapshot: Snapshot | None = None
        self._rows: dict[str, Row] = {}  # by key, those in use
        self._goods = self._cache.goods()
        self._assembler = Assembler(self._cache)
        self._links = LinkChecker(root)
        self._checker = Checker(root)
        self._moment = Moment()

    def refresh(self) -> bool:
        """Read what changed; True when the catalogue is a new one.

        Never leaves a half-read tree in service: if files keep changing while they are read, the
        catalogue stays as it is and the next call tries again.
        """
        with self._lock:
            snapshot = take_snapshot(self.root, self._snapshot)
            if snapshot is None or snapshot is self._snapshot:
                return False
            catalogue = self._build(snapshot)
            self._snapshot = snapshot  # only now: a build that failed is tried again
            shelf, registry = self._assembler.shelf, catalogue.statutes
            self._moment = Moment(catalogue.problems, shelf, snapshot, registry)
            before = self.catalogue
            if (catalogue.fingerprint, catalogue.problems) == (before.fingerprint, before.problems):
                return False
            self.catalogue = catalogue
            return True

    def check(
        self,
        drafts: Mapping[str, str | None],
        assets: Collection[str] = (),
        *,
        thorough: bool = False,
    ) -> Checked:
        """What would be served, and what would be wrong, if ``drafts`` were the files (None: no
        such file); ``assets`` are files that would be there. Nothing is written or put in service.

        ``thorough`` also looks for repeated questions, which takes longer than typing allows.
        """
        return self._checker.check(self._moment, drafts, assets, thorough=thorough)

    def paths(self) -> tuple[str, ...]:
        """Every content file that was last found, in order."""
        return tuple(sorted(self._moment.sources))

    @contextmanager
    def undisturbed(self) -> Iterator[None]:
        """No refresh begins inside: files that belong together are written in it."""
        with self._lock:
            yield

    def source(self, path: str) -> str:
        """The text of a content file as it was last read; "" when there is none."""
        snapshot = self._snapshot
        found = snapshot.sources.get(path) if snapshot is not None else None
        return found.text if found is not None else ""

    def asset(self, course: str, relpath: str) -> Path | None:
        """A picture or file of ``course`` that may be sent to a browser; None for all else."""
        return find_asset(self.root, course, relpath)

    def overdue(self, today: str) -> list[Problem]:
        """Courses whose day of review is before ``today`` (ISO date), as problems."""
        return check_reviews(self._assembler.shelf, today)

    def known_ids(self) -> set[str]:
        """Ids of all questions, those of files with errors included."""
        return {fact.id for row in self._rows.values() for fact in row.facts}

    # Private methods

    def _build(self, snapshot: Snapshot) -> Catalogue:
        registries = read_registries(snapshot, self._goods)
        build = _Build(self._rows, self._goods, self._cache, registries)
        paths = sorted(
            path
            for path in snapshot.sources
            if path not in (*MODELS, *TABLES) and not is_english(path)
        )
        courses = [path for path in paths if kind_of_path(path) == "course"]
        build.serve(courses, snapshot)
        build.serve([path for path in paths if kind_of_path(path) != "course"], snapshot)
        self._remember(build, snapshot)
        problems = [*registries.problems, *stray_problems(snapshot)]
        links = (link for one in build.served.values() if one.is_current for link in one.row.links)
        problems += self._links.check(links, snapshot.tree)
        return self._assembler.assemble(
            build.served,
            snapshot.tree.folders,
            registries,
            problems,
        )

    def _remember(self, build: _Build, snapshot: Snapshot) -> None:
        self._rows = build.used
        goods = {**build.registries.goods, **build.new_goods}
        gone = [path for path in self._goods if path not in snapshot.sources]
        self._goods = {
            path: good for path, good in (self._goods | goods).items() if path not in gone
        }
        if build.fresh or goods or gone:
            keep = [*build.used, *(good.key for good in self._goods.values())]
            self._cache.store(build.fresh, goods, gone, keep)


# Private functions


class _Build:
    """One pass over all files: which version of each is served, and what is new."""

    def __init__(
        self,
        rows: Mapping[str, Row],
        goods: Mapping[str, Good],
        cache: Cache,
        registries: Registries,
    ) -> None:
        self.registries = registries
        self.served: dict[str, Served] = {}
        self.used: dict[str, Row] = {}
        self.fresh: dict[str, str] = {}  # texts to be cached, by key
        self.new_goods: dict[str, Good] = {}
        self._rows = rows
        self._goods = goods
        self._cache = cache
        self._capabilities: dict[str, str] = {}  # by course, as its served version says

    def serve(self, paths: list[str], snapshot: Snapshot) -> None:
        """Parse ``paths`` and choose their versions. Courses come first: modules need them."""
        jobs = {path: self._job(path, snapshot) for path in paths}
        for path, (row, key) in self._parsed(jobs).items():
            chosen = self._choose(path, row, key, jobs[path], snapshot)
            self.served[path] = chosen
            if key:
                self.used[key] = row
            if chosen.row.kind == "course":
                course = course_from_json(chosen.row.value)
                self._capabilities[course.id] = course.capability

    def _job(self, path: str, snapshot: Snapshot) -> Job | None:
        """What ``path`` is parsed from; None when it cannot be read."""
        source = snapshot.sources[path]
        if source.problem is not None:
            return None
        edition = snapshot.sources.get(english_of(path))
        english = edition.text if edition is not None and edition.problem is None else None
        return Job(path, source.text, english, self._capabilities.get(path.split("/")[1], ""))

    def _parsed(self, jobs: Mapping[str, Job | None]) -> dict[str, tuple[Row, str]]:
        """Row and key of every path: from memory, from the cache, or parsed now."""
        keys = {path: self._key(job) for path, job in jobs.items() if job is not None}
        unknown = [key for key in keys.values() if key not in self._rows]
        rows = {key: row_from_text(text) for key, text in self._cache.rows(unknown).items()}
        rows |= {key: self._rows[key] for key in keys.values() if key in self._rows}
        wanted = [job for job in jobs.values() if job is not None and keys[job.path] not in rows]
        texts = parse_all(wanted, self.registries.statutes, self.registries.statutes_text)
        for job, text in zip(wanted, texts, strict=True):
            self.fresh[keys[job.path]] = text
            rows[keys[job.path]] = row_from_text(text)
        return {
            path: (rows[keys[path]], keys[path]) if path in keys else (Row(path), "")
            for path in jobs
        }

    def _key(self, job: Job) -> str:
        """What a parse depends on, as a hash: sources, place, defaults, laws and the parsers."""
        digest = sha256(PARSERS.encode())
        laws = self.registries.statutes_hash
        for part in (job.path, job.capability, laws, job.zh, job.english):
            digest.update(b"\0-" if part is None else b"\0+" + part.encode())
        return digest.hexdigest()

    def _choose(self, path: str, row: Row, key: str, job: Job | None, snapshot: Snapshot) -> Served:
        """The version of a file that is served: this one, or the last good one."""
        problems = [*row.problems]
        for name in (path, english_of(path)):
            source = snapshot.sources.get(name)
            if source is not None and source.problem is not None:
                problems.append(source.problem)
        faulty = {problem.path for problem in problems if severity_of(problem) == "error"}
        good = self._goods.get(path)
        if not faulty:
            if job is not None and (good is None or good.key != key):
                self.new_goods[path] = Good(key, job.zh, job.english)
            return Served(row, key, tuple(problems))
        broken = path in faulty
        if good is not None and (broken or (job is not None and good.zh == job.zh)):
            old = self._good_row(path, good, job)
            self.used[good.key] = old
            return Served(old, good.key, tuple(problems), is_current=False)
        return Served(row, key, tuple(problems), is_whole=not broken)

    def _good_row(self, path: str, good: Good, job: Job | None) -> Row:
        """The row of a last good version, parsed again where the parsers changed since."""
        row = self._rows.get(good.key)
        if row is not None:
            return row
        text = self._cache.rows([good.key]).get(good.key)
        if text is None:
            again = Job(path, good.zh, good.english, job.capability if job is not None else "")
            statutes, statutes_text = self.registries.statutes, self.registries.statutes_text
            text = parse_all([again], statutes, statutes_text)[0]
        return row_from_text(text)
