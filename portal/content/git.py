"""Publishing into a Git repository: one commit of just those files, in the author's name.

Git is a program that repositories configure, so it is called narrowly: no shell, no hooks, no
file-system monitor, no signing, no prompts, a time limit, paths taken literally. What other people
have staged stays staged and is not part of the commit (``git commit --only``).
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

_SECONDS = 30
_QUIET = (
    *("-c", "core.hooksPath=/dev/null"),
    *("-c", "core.fsmonitor=false"),
    *("-c", "commit.gpgSign=false"),
    *("-c", "core.quotePath=false"),
)


class GitRefused(Exception):
    """Git did not commit; the text is what it said, shortened."""


def in_repository(root: Path) -> bool:
    """Whether ``root`` lies in a work tree, as far as a look at the folders tells."""
    real = Path(os.path.realpath(root))
    return any((folder / ".git").exists() for folder in (real, *real.parents))


def commit(root: Path, paths: Sequence[str], author: str, email: str, message: str) -> str | None:
    """Commit ``paths`` (relative to ``root``) as they are on disk; return the commit's id.

    None when there was nothing to commit. Raises GitRefused.
    """
    there = [path for path in paths if os.path.lexists(root / path)]
    if there:
        _git(root, "add", "--", *there)
    known = _git(root, "ls-files", "-z", "--", *paths).split("\0")
    changed = [path for path in known if path]
    if not changed or not _git(root, "status", "--porcelain", "--", *changed).strip():
        return None
    who = ("-c", f"user.name={_one_line(author)}", "-c", f"user.email={_one_line(email)}")
    _git(
        root,
        *("commit", "--quiet", "--no-verify", "--only", f"--message={message}", "--", *changed),
        before=who,
    )
    return _git(root, "rev-parse", "HEAD").strip()


# Private functions


def _git(root: Path, *args: str, before: Sequence[str] = ()) -> str:
    command = ["git", "-C", str(root), "--literal-pathspecs", *_QUIET, *before, *args]
    try:
        done = subprocess.run(  # noqa: S603 (a fixed program, no shell)
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_SECONDS,
            env=_environment(),
            check=False,
        )
    except FileNotFoundError:
        raise GitRefused("git: not installed") from None
    except subprocess.TimeoutExpired:
        raise GitRefused(f"git {args[0]}: no answer in {_SECONDS} s") from None
    except OSError as error:
        raise GitRefused(f"git: {error.strerror}") from None
    if done.returncode:
        said = (done.stderr or done.stdout).decode("utf-8", "replace")
        raise GitRefused(" ".join(said.split())[:300] or f"git {args[0]}: {done.returncode}")
    return done.stdout.decode("utf-8", "replace")


def _environment() -> dict[str, str]:
    """The process's own, without what would point Git elsewhere or have it ask somebody."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return {**kept, "GIT_TERMINAL_PROMPT": "0", "GIT_EDITOR": "true", "LC_ALL": "C.UTF-8"}


def _one_line(words: str) -> str:
    return " ".join("".join(ch for ch in words if ch.isprintable()).split()) or "?"
