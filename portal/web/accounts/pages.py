"""Renders the account's pages: no script, one small style sheet, the visitor's language."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from urllib.parse import parse_qsl, urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse
from starlette.types import Scope

from portal.web import language, static_files
from portal.web.policies import PLAIN_POLICY
from portal.web.text import translate

_templates = Environment(
    loader=FileSystemLoader(Path(__file__).with_name("templates")),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.globals["static"] = static_files.url


def page(scope: Scope, template: str, status: int = 200, **values: object) -> HTMLResponse:
    """``template`` filled in; ``t`` in it translates."""
    locale = language.of(scope)
    html = _templates.get_template(template).render(
        t=partial(translate, locale),
        lang=language.HTML_LANG[locale],
        switch=_switch(scope, locale),
        **values,
    )
    headers = {"Content-Security-Policy": PLAIN_POLICY, "Vary": "Accept-Language, Cookie"}
    return HTMLResponse(html, status_code=status, headers=headers)


def message_page(scope: Scope, reason: str, status: int) -> HTMLResponse:
    """A page that says ``refusal.<reason>`` and what can be done about it."""
    return page(scope, "message.html", status, reason=reason)


def _switch(scope: Scope, locale: str) -> tuple[str, str] | None:
    """Language and address of the other edition; None where the account decides instead."""
    if scope.get("portal.person") is not None or scope.get("method") != "GET":
        return None
    other = "en" if locale == "zh" else "zh"
    query = parse_qsl(scope.get("query_string", b"").decode("latin-1"))
    kept = [(name, value) for name, value in query if name != "lang"]
    return other, f"?{urlencode([*kept, ('lang', other)])}"
