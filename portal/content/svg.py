"""Whether an SVG is only a drawing.

Refused: anything that can run or load something. The file is read by expat with declarations
inside the document type refused outright (no entity bombs, no external files); elements and
attributes must be on a list, because a list of bad ones would never be complete.
"""

from __future__ import annotations

from xml.parsers import expat

_SVG = "http://www.w3.org/2000/svg"
_XLINK = "http://www.w3.org/1999/xlink"
_XML = "http://www.w3.org/XML/1998/namespace"
_MAX_ELEMENTS = 50_000
_MAX_DEPTH = 200
_SHAPES = (
    *("svg", "g", "defs", "symbol", "use", "title", "desc", "metadata", "switch", "style"),
    *("path", "rect", "circle", "ellipse", "line", "polyline", "polygon"),
    *("text", "tspan", "textPath", "marker", "pattern", "clipPath", "mask"),
    *("linearGradient", "radialGradient", "stop", "filter"),
)
_FILTERS = (
    *("Blend", "ColorMatrix", "ComponentTransfer", "Composite", "ConvolveMatrix"),
    *("DiffuseLighting", "DisplacementMap", "DistantLight", "DropShadow", "Flood"),
    *("FuncA", "FuncB", "FuncG", "FuncR", "GaussianBlur", "Merge", "MergeNode", "Morphology"),
    *("Offset", "PointLight", "SpecularLighting", "SpotLight", "Tile", "Turbulence"),
)
_ELEMENTS = frozenset((*_SHAPES, *(f"fe{name}" for name in _FILTERS)))
_LOADING = frozenset(("src", "base", "action", "formaction", "to", "from", "values"))
# In a style sheet or a style these fetch or run something; "url(#id)" alone is allowed.
_STYLE_WORDS = ("@import", "expression", "javascript:", "behavior", "-moz-binding", "\\", "src(")


def is_harmless_svg(content: bytes) -> bool:
    """Whether ``content`` is an SVG without scripts, foreign content, links out or entities."""
    checker = _Checker()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = checker.start
    parser.EndElementHandler = checker.end
    parser.CharacterDataHandler = checker.text
    parser.StartDoctypeDeclHandler = checker.doctype
    parser.EntityDeclHandler = checker.refuse
    parser.ExternalEntityRefHandler = checker.refuse
    parser.ProcessingInstructionHandler = checker.refuse
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, _Refused, ValueError, LookupError):
        return False
    return checker.is_svg and _style_is_harmless(checker.styles)


# Private functions


class _Refused(Exception):
    """Something that no drawing needs."""


class _Checker:
    """Handlers of one parse; ``styles`` gathers the text of style sheets."""

    def __init__(self) -> None:
        self.is_svg = False
        self.styles = ""
        self.open: list[str] = []
        self.count = 0

    def refuse(self, *_: object) -> int:
        raise _Refused

    def doctype(
        self, _name: str, _system: str | None, _public: str | None, has_internal_subset: bool
    ) -> None:
        if has_internal_subset:  # a bare <!DOCTYPE svg …>, as drawing programs write it, is idle
            raise _Refused

    def start(self, name: str, attributes: dict[str, str]) -> None:
        space, _, local = name.rpartition(" ")
        self.count += 1
        if self.count > _MAX_ELEMENTS or len(self.open) >= _MAX_DEPTH:
            raise _Refused
        if not self.open:
            self.is_svg = space == _SVG and local == "svg"
        if "metadata" in self.open and space != _SVG:
            self.open.append(local)  # licences and the like: data, shown nowhere
            return
        if space != _SVG or local not in _ELEMENTS:
            raise _Refused
        for key, value in attributes.items():
            _check_attribute(key, value)
        self.open.append(local)

    def end(self, _name: str) -> None:
        self.open.pop()

    def text(self, data: str) -> None:
        if self.open and self.open[-1] == "style":
            self.styles += data


def _check_attribute(name: str, value: str) -> None:
    space, _, local = name.rpartition(" ")
    if local.lower().startswith("on") or (space and space not in (_XLINK, _XML)):
        if space and not local.lower().startswith("on") and local.lower() != "href":
            return  # an editor's own attributes say nothing to a browser
        raise _Refused
    inside = local.lower() != "href" or value.strip().startswith("#")
    if local.lower() in _LOADING or not inside:
        raise _Refused
    if not _style_is_harmless(value):
        raise _Refused


def _style_is_harmless(style: str) -> bool:
    folded = "".join(style.lower().split())
    if any(word in folded for word in _STYLE_WORDS):
        return False
    return (
        all(part.lstrip("'\"").startswith("#") for part in folded.split("url(")[1:])
        and "image(" not in folded
        and "image-set(" not in folded
    )
