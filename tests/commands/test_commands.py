"""The command line: every command is listed, explained, and stands alone."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from portal.__main__ import command_names, load_command, main

ROOT = Path(__file__).parents[2]


def says(capsys, *arguments: str) -> str:
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == 0
    return capsys.readouterr().out


def test_help_lists_every_command(capsys):
    text = says(capsys, "--help")
    for name in ("backup", "restore"):
        assert name in command_names()
    for name in command_names():
        assert f"\n    {name} " in text or f"\n    {name}\n" in text
        assert load_command(name).HELP.split(" ")[0] in text


@pytest.mark.parametrize("name", command_names())
def test_each_help_has_an_example_of_itself(name, capsys):
    text = says(capsys, name, "--help")
    assert f"python -m portal {name}" in load_command(name).EXAMPLE
    assert load_command(name).EXAMPLE in text


def test_an_unknown_command_and_no_command_are_errors(capsys):
    for arguments in (["fly"], []):
        with pytest.raises(SystemExit) as stopped:
            main(arguments)
        assert stopped.value.code == 2
    assert "backup" in capsys.readouterr().err


def test_a_command_does_not_load_the_others():
    code = (
        "import sys; from portal.__main__ import main\n"
        "try: main(['backup', '--help'])\n"
        "except SystemExit: pass\n"
        "print([m for m in sys.modules if m.startswith('portal.commands.')])\n"
        "print('streamlit' in sys.modules, 'sqlite_utils' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout.endswith("['portal.commands.backup']\nFalse False\n")
