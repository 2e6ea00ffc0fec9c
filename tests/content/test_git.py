"""Git gets just the published files, in the author's name, and runs nothing of the repository."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from portal.content import git

PATH = "courses/one/course.md"


def run(root: Path, *args: str) -> str:
    done = subprocess.run(
        ["git", "-C", str(root), "-c", "user.name=x", "-c", "user.email=x@x.invalid", *args],
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "repository" / "content"
    (folder / "courses/one").mkdir(parents=True)
    (folder / PATH).write_text("one\n")
    (folder / "other.txt").write_text("one\n")
    run(folder.parent, "init", "-q", "-b", "main")
    run(folder.parent, "add", ".")
    run(folder.parent, "commit", "-q", "-m", "first")
    return folder


def test_only_the_published_files_are_committed_in_the_authors_name(root: Path) -> None:
    (root / "other.txt").write_text("staged by somebody\n")
    run(root, "add", "other.txt")
    (root / PATH).write_text("two\n")
    (root / "courses/one/01-new.md").write_text("new\n")
    made = git.commit(
        root, [PATH, "courses/one/01-new.md"], "李敏\n", "li@portal.invalid", "改 期限"
    )
    assert made == run(root, "rev-parse", "HEAD").strip()
    assert run(root, "log", "-1", "--format=%an <%ae> %s").strip() == (
        "李敏 <li@portal.invalid> 改 期限"
    )
    changed = run(root, "show", "--name-only", "--format=", "HEAD").split()
    assert changed == ["content/courses/one/01-new.md", "content/courses/one/course.md"]
    assert run(root, "diff", "--cached", "--name-only").split() == ["content/other.txt"]


def test_a_deleted_file_is_committed_and_nothing_to_commit_is_no_fault(root: Path) -> None:
    (root / PATH).unlink()
    assert git.commit(root, [PATH], "a", "a@b.invalid", "delete")
    assert git.commit(root, [PATH], "a", "a@b.invalid", "again") is None
    assert git.commit(root, ["courses/one/never.md"], "a", "a@b.invalid", "never") is None


def test_hooks_and_monitors_of_the_repository_do_not_run(root: Path) -> None:
    mark = root.parent / "ran"
    hooks = root.parent / ".git/hooks"
    for name in ("pre-commit", "commit-msg", "post-commit", "prepare-commit-msg"):
        hook = hooks / name
        hook.write_text(f"#!/bin/sh\ntouch {mark}\nexit 1\n")
        os.chmod(hook, 0o755)
    run(root, "config", "core.fsmonitor", f"touch {mark}")
    run(root, "config", "commit.gpgSign", "true")
    (root / PATH).write_text("two\n")
    mark.unlink(missing_ok=True)
    assert git.commit(root, [PATH], "a", "a@b.invalid", "quiet")
    assert not mark.exists()


def test_words_are_no_options_and_paths_no_patterns(root: Path) -> None:
    (root / PATH).write_text("two\n")
    (root / "courses/one/--all.md").write_text("x\n")
    assert git.commit(root, [PATH], "--amend", "$(id)@b.invalid", "--no-edit\n\n-F /etc/passwd")
    assert run(root, "log", "--format=%s").split("\n")[0] == "--no-edit"
    assert "--all.md" in run(root, "status", "--porcelain")
    assert git.commit(root, ["courses/one/*.md"], "a", "b", "pattern") is None


def test_a_refusal_is_told(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (root / PATH).write_text("two\n")
    (root.parent / ".git/index.lock").write_text("")
    with pytest.raises(git.GitRefused, match=r"index\.lock"):
        git.commit(root, [PATH], "a", "a@b.invalid", "locked")
    assert (root / PATH).read_text() == "two\n"
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(git.GitRefused, match="not installed"):
        git.commit(root, [PATH], "a", "a@b.invalid", "no git")


def test_a_repository_is_found_above(root: Path, tmp_path: Path) -> None:
    assert git.in_repository(root)
    assert not git.in_repository(tmp_path)
