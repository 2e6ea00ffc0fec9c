"""The commands of ``python -m portal``, a module each.

A command module has ``HELP`` (one line), ``EXAMPLE`` (a command to copy), ``add_arguments(parser)``
and ``run(args) -> int`` (the exit code). It imports what is slow to import inside ``run``, so that
``--help`` is quick. A new file in this folder is a new command (``item_stats.py`` is
``item-stats``); a command of several modules is a folder.
"""
