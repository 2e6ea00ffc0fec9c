"""XML from anywhere, parsed without entities, external or nested, and within limits."""

from __future__ import annotations

from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

DEEPEST = 200
MOST_ELEMENTS = 400_000


def parse(data: bytes) -> Element | None:
    """The root element; None for what is no XML, has a DTD, or is too deep or too large."""
    try:
        root: Element = fromstring(data, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError, RecursionError):
        return None
    return root if _is_bounded(root) else None


def name(element: Element) -> str:
    """The tag without namespace, in lower case, ``-`` and ``qti-`` taken out.

    So ``qti-simple-choice`` (QTI 3) and ``simpleChoice`` (QTI 2) are both ``simplechoice``.
    """
    tag = element.tag if isinstance(element.tag, str) else ""
    return tag.rpartition("}")[2].lower().removeprefix("qti-").replace("-", "")


def attribute(element: Element, wanted: str, default: str = "") -> str:
    """An attribute by its name in QTI 3; QTI 2's ``maxChoices`` is ``max-choices``."""
    squeezed = wanted.replace("-", "").lower()
    for key, value in element.attrib.items():
        if key.rpartition("}")[2].replace("-", "").lower() == squeezed:
            return value
    return default


def children(element: Element, *wanted: str) -> list[Element]:
    """Direct children with one of these names."""
    return [child for child in element if name(child) in wanted]


def within(element: Element, *wanted: str) -> list[Element]:
    """Descendants with one of these names (any, if none is given), in document order."""
    return [
        found
        for found in element.iter()
        if found is not element and (not wanted or name(found) in wanted)
    ]


def words(element: Element | None) -> str:
    """All text inside."""
    return "" if element is None else "".join(element.itertext())


# Private functions


def _is_bounded(root: Element) -> bool:
    level, count = [root], 0
    for _ in range(DEEPEST):
        count += len(level)
        if count > MOST_ELEMENTS:
            return False
        level = [child for element in level for child in element]
        if not level:
            return True
    return False
