"""Writes a QTI 3.0 package: a manifest and an item a question, marked as the portal marks."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement, tostring

from portal.core.questions import Matching, Question
from portal.exchange.questions import package
from portal.exchange.questions.making import has_headings
from portal.exchange.questions.qti_item import ItemWriter
from portal.exchange.questions.report import Note, Notes

_MANIFEST = "http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1"
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'


def write(questions: Sequence[Question], locale: str = "zh") -> tuple[bytes, tuple[Note, ...]]:
    """The package as a zip, and what QTI has no place for."""
    notes = Notes()
    files: dict[str, str] = {}
    for number, question in enumerate(questions, 1):
        notes.at(number, question.title.in_(locale))
        _note_losses(question, notes)
        item = ItemWriter(question, locale, f"item-{number}").element()
        files[f"items/item-{number}.xml"] = _HEAD + _clean(tostring(item, encoding="unicode"))
    manifest = _manifest(list(files))
    return package.write({"imsmanifest.xml": manifest, **files}), tuple(notes.found)


# Private functions


def _manifest(paths: Sequence[str]) -> str:
    root = Element("manifest", {"xmlns": _MANIFEST, "identifier": "MANIFEST"})
    metadata = SubElement(root, "metadata")
    SubElement(metadata, "schema").text = "QTI Package"
    SubElement(metadata, "schemaversion").text = "3.0.0"
    SubElement(root, "organizations")
    resources = SubElement(root, "resources")
    for number, path in enumerate(paths, 1):
        given = {"identifier": f"R{number}", "type": "imsqti_item_xmlv3p0", "href": path}
        SubElement(SubElement(resources, "resource", given), "file", href=path)
    return _HEAD + _clean(tostring(root, encoding="unicode"))


def _clean(xml: str) -> str:
    """Without characters that XML 1.0 cannot hold."""
    return "".join(
        char
        for char in xml
        if char in "\n\t"
        or " " <= char <= "\ud7ff"
        or "\ue000" <= char <= "\ufffd"
        or char > "\uffff"
    )


def _note_losses(question: Question, notes: Notes) -> None:
    lost = {
        "retired": question.retired,
        "headers": isinstance(question.body, Matching) and has_headings(question.body),
    }
    for aspect, is_lost in lost.items():
        if is_lost:
            notes.add(f"out_{aspect}", format="QTI 3")
    sources = [question.stem.zh, question.explanation.zh if question.explanation else ""]
    if any("](" in words and "![" in words for words in sources):
        notes.add("image")
