"""For all tests: nothing is measured by the clock, for the machine may be busy with other work."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
