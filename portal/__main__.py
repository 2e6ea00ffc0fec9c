"""The command line: ``python -m portal COMMAND``. Each command is a module of ``commands``."""

from __future__ import annotations

import argparse
import importlib
import pkgutil
import sys
from collections.abc import Sequence
from typing import Protocol, cast

from portal import __version__, commands


class Command(Protocol):
    """What a module of ``commands`` offers."""

    HELP: str
    EXAMPLE: str

    def add_arguments(self, parser: argparse.ArgumentParser) -> None: ...

    def run(self, args: argparse.Namespace) -> int: ...


def command_names() -> list[str]:
    """The commands there are, in order of name: ``item_stats.py`` is ``item-stats``."""
    modules = pkgutil.iter_modules(commands.__path__)
    return sorted(module.name.replace("_", "-") for module in modules)


def load_command(name: str) -> Command:
    """The module of a command. Raises ImportError, also when it lacks a part of a command."""
    module = importlib.import_module(f"portal.commands.{name.replace('-', '_')}")
    for part in ("HELP", "EXAMPLE", "add_arguments", "run"):
        if not hasattr(module, part):
            raise ImportError(f"portal.commands.{name} has no {part}")
    return cast(Command, module)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return its exit code: 0 done, 1 not done, 2 misunderstood."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    # a command that is named is loaded alone: the others cost nothing and cannot break it
    named = [name for name in command_names() if given[:1] == [name]]
    parser = _parser(named or command_names())
    args = parser.parse_args(given)
    return int(args.run(args))


def _parser(names: Sequence[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m portal",
        description="治理学堂：基层治理培训平台。\n"
        "Governance Academy: a training portal for governance staff.",
        epilog="每个命令的用法 / how to use a command:  python -m portal COMMAND --help",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"portal {__version__}")
    added = parser.add_subparsers(metavar="COMMAND", required=True)
    for name in names:
        try:
            command = load_command(name)
        except ImportError as error:
            if len(names) == 1:
                raise
            added.add_parser(name, help=f"不可用 / not available: {error}")
        else:
            _add(added, name, command)
    return parser


def _add(
    added: argparse._SubParsersAction[argparse.ArgumentParser], name: str, command: Command
) -> None:
    parser = added.add_parser(
        name,
        help=command.HELP,
        description=command.HELP,
        epilog=f"例 / example:\n  {command.EXAMPLE}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.add_arguments(parser)
    parser.set_defaults(run=command.run)


if __name__ == "__main__":
    sys.exit(main())
