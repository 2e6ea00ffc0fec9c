"""Files are written all or none, only where they belong, and never over somebody's change."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from portal.content import writing
from portal.content.writing import Unwritable, Write, digest, like_before, read_file, write_files

ONE = "courses/one/course.md"
TWO = "courses/one/01-a.md"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "content"
    (folder / "courses/one").mkdir(parents=True)
    (folder / "quizzes").mkdir()
    (folder / ONE).write_text("old", encoding="utf-8")
    return folder


def names(root: Path) -> set[str]:
    return {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}


def test_files_are_replaced_made_and_deleted_together(root: Path) -> None:
    os.chmod(root / ONE, 0o640)
    old = digest(b"old")
    write_files(root, [Write(ONE, b"new", old), Write("quizzes/one/a.md", b"q", None)])
    assert read_file(root, ONE) == b"new"
    assert stat.S_IMODE((root / ONE).stat().st_mode) == 0o640
    write_files(root, [Write(ONE, None, digest(b"new"))])
    assert names(root) == {"quizzes/one/a.md"}


def test_a_file_that_changed_meanwhile_stops_all(root: Path) -> None:
    with pytest.raises(Unwritable) as refused:
        write_files(root, [Write(TWO, b"a", None), Write(ONE, b"new", digest(b"other"))])
    assert (refused.value.reason, refused.value.path) == ("moved", ONE)
    assert names(root) == {ONE}
    assert read_file(root, ONE) == b"old"


def test_an_interrupted_publication_can_be_repeated(root: Path) -> None:
    write_files(root, [Write(ONE, b"new", digest(b"old"))])
    write_files(root, [Write(ONE, b"new", digest(b"old")), Write(TWO, b"a", None)])
    assert read_file(root, TWO) == b"a"


def test_what_was_done_is_undone_when_a_later_file_fails(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.rename

    def fail_on_two(source: str, target: str, **where: int) -> None:
        if target == "b.md":
            raise OSError(28, "No space left on device")
        real(source, target, **where)

    monkeypatch.setattr(writing.os, "rename", fail_on_two)
    with pytest.raises(Unwritable, match="No space"):
        write_files(
            root, [Write(ONE, b"new", digest(b"old")), Write("courses/one/b.md", b"", None)]
        )
    assert names(root) == {ONE}
    assert read_file(root, ONE) == b"old"


@pytest.mark.parametrize(
    "path",
    [
        "../out.md",
        "courses/../../out.md",
        "courses/one/../../../out.md",
        "/etc/passwd",
        "courses/one/sub/a.md",
        "courses/one/.hidden.md",
        "courses/one/a.txt",
        "courses/one/a\0.md",
        "courses/one/assets/../../a.md",
        "portal/app.py",
        "courses/one/assets/a b.png",
        "courses/con/a.md",
        "courses/statutes.toml",
    ],
)
def test_no_other_path_is_written_or_read(root: Path, path: str) -> None:
    with pytest.raises(Unwritable):
        write_files(root, [Write(path, b"x", None)])
    with pytest.raises(Unwritable):
        read_file(root, path)


def test_links_are_refused_wherever_they_stand(root: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.md").write_text("secret")
    (root / "courses/two").symlink_to(outside)
    (root / "courses/one/link.md").symlink_to(outside / "secret.md")
    (root / "courses/one/assets").symlink_to(outside)
    for path in ("courses/two/a.md", "courses/one/link.md", "courses/one/assets/a.png"):
        with pytest.raises(Unwritable) as refused:
            write_files(root, [Write(path, b"x", None)])
        assert refused.value.reason == "link"
        with pytest.raises(Unwritable):
            read_file(root, path)
    assert [path.name for path in outside.iterdir()] == ["secret.md"]
    assert (outside / "secret.md").read_text() == "secret"


def test_a_pipe_in_place_of_a_file_is_refused_at_once(root: Path) -> None:
    os.mkfifo(root / TWO)
    with pytest.raises(Unwritable):
        read_file(root, TWO)


def test_line_ends_and_the_byte_order_mark_stay(root: Path) -> None:
    assert like_before("a\nb\n", b"\xef\xbb\xbfx\r\ny\r\n") == b"\xef\xbb\xbfa\r\nb\r\n"
    assert like_before("a\nb\n", b"x\n") == b"a\nb\n"
    assert like_before("a\n", None) == b"a\n"


def test_a_folder_without_permission_is_said(root: Path) -> None:
    assert writing.is_writable(root)
    if os.geteuid() == 0:
        pytest.skip("root may write anywhere")
    os.chmod(root / "courses/one", 0o555)
    with pytest.raises(Unwritable) as refused:
        write_files(root, [Write(ONE, b"new", digest(b"old"))])
    os.chmod(root / "courses/one", 0o755)
    assert refused.value.reason == "readonly"
