"""Many files are parsed on all cores, with the same result as one after the other."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.content import workers
from portal.content.library import Library
from tests.benchmarks.content_load import write_tree


def test_the_pool_and_one_process_agree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_tree(tmp_path, modules=20, questions=200, english=True)
    alone, pooled = Library(tmp_path), Library(tmp_path)
    alone.refresh()
    monkeypatch.setattr(workers, "_POOL_FROM", 1)
    pooled.refresh()
    one, two = alone.catalogue, pooled.catalogue
    assert len(one.questions) == 200 and len(one.modules) == 20
    assert one.fingerprint == two.fingerprint
    assert dict(one.questions) == dict(two.questions)
    assert (one.modules, one.quizzes, one.problems) == (two.modules, two.quizzes, two.problems)


def test_without_other_processes_it_goes_on_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class NoPool:
        def __init__(self, *_: object, **__: object) -> None:
            raise OSError("no more processes")

    write_tree(tmp_path, modules=10, questions=20, english=False)
    monkeypatch.setattr(workers, "_POOL_FROM", 1)
    monkeypatch.setattr(workers, "ProcessPoolExecutor", NoPool)
    library = Library(tmp_path)
    library.refresh()
    assert len(library.catalogue.questions) == 20
