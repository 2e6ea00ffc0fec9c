"""Every file that ``/download/<name>`` offers, by name: the one place to register another."""

from __future__ import annotations

from collections.abc import Mapping

from portal.web.downloads import Make

FILES: Mapping[str, Make] = {}
