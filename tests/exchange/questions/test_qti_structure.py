"""A QTI 3 export against the information model of the specification (1EdTech QTI 3.0, ASI).

The official schema is published on the web alone and no package carries it; this is what it asks of
the elements that we write: their order, their required attributes, what may stand in what, and that
everything that is referred to is declared with the cardinality and base type that fit.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from dataclasses import replace
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.core.capabilities import Bilingual
from portal.core.questions import Criterion, Essay, Question
from portal.exchange import questions as exchange
from tests.exchange.questions import making

SOME = settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
ITEM = "{http://www.imsglobal.org/xsd/imsqtiasi_v3p0}"
PACKAGE = "{http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1}"
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")  # an NCName, as far as we use it
ORDER = (
    "qti-response-declaration",
    "qti-outcome-declaration",
    "qti-item-body",
    "qti-response-processing",
    "qti-modal-feedback",
)
REQUIRED = {
    "qti-assessment-item": {"identifier", "title", "time-dependent"},
    "qti-response-declaration": {"identifier", "cardinality", "base-type"},
    "qti-outcome-declaration": {"identifier", "cardinality", "base-type"},
    "qti-mapping": {"default-value"},
    "qti-map-entry": {"map-key", "mapped-value"},
    "qti-choice-interaction": {"response-identifier", "max-choices", "shuffle"},
    "qti-order-interaction": {"response-identifier", "shuffle"},
    "qti-match-interaction": {"response-identifier", "max-associations", "shuffle"},
    "qti-text-entry-interaction": {"response-identifier"},
    "qti-extended-text-interaction": {"response-identifier"},
    "qti-inline-choice-interaction": {"response-identifier", "shuffle"},
    "qti-simple-choice": {"identifier"},
    "qti-inline-choice": {"identifier"},
    "qti-simple-associable-choice": {"identifier", "match-max"},
    "qti-feedback-block": {"outcome-identifier", "identifier", "show-hide"},
    "qti-modal-feedback": {"outcome-identifier", "identifier", "show-hide"},
    "qti-rubric-block": {"use", "view"},
    "qti-set-outcome-value": {"identifier"},
    "qti-base-value": {"base-type"},
    "qti-variable": {"identifier"},
    "qti-correct": {"identifier"},
    "qti-map-response": {"identifier"},
}
FITTING = {  # interaction: cardinality and base type of its response
    "qti-choice-interaction": {("single", "identifier"), ("multiple", "identifier")},
    "qti-order-interaction": {("ordered", "identifier")},
    "qti-match-interaction": {("multiple", "directedPair")},
    "qti-inline-choice-interaction": {("single", "identifier")},
    "qti-text-entry-interaction": {("single", "string"), ("single", "float")},
    "qti-extended-text-interaction": {("single", "string")},
}
CHOICES = ("qti-simple-choice", "qti-inline-choice", "qti-simple-associable-choice")
BLOCKS = {
    "p",
    "div",
    "ul",
    "ol",
    "table",
    "blockquote",
    "pre",
    "hr",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
}
INLINE = {"strong", "em", "code", "a", "img", "br", "sub", "sup", "span", "b", "i"}
INSIDE = {"li", "thead", "tbody", "tr", "th", "td"}
WRITTEN = {"href", "src", "alt", "colspan", "rowspan", "scope", "start", "class", "id", "title"}
VIEWS = {"author", "candidate", "proctor", "scorer", "testConstructor", "tutor"}
RICH = """第一段 **要点** 和 `代码`，见[法规](https://example.org)。

- 甲
- 乙

| 项 | 值 |
| -- | -- |
| 甲 | 乙 |

> [!TIP]
> 小心

1. 一
2. 二
"""


def written(questions: list[Question]) -> tuple[list[Element], Element, list[str]]:
    """The items, the manifest and the names of all files of the package."""
    data, _ = exchange.write("qti", questions)
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        names = package.namelist()
        items = [ElementTree.fromstring(package.read(n)) for n in names if n.startswith("items/")]
        return items, ElementTree.fromstring(package.read("imsmanifest.xml")), names


def tag(element: Element) -> str:
    space, _, name = element.tag.partition("}")
    assert f"{space}}}" == ITEM, element.tag
    return name


def check(item: Element) -> None:
    assert tag(item) == "qti-assessment-item"
    places = [ORDER.index(tag(child)) for child in item]
    assert places == sorted(places)
    for element in item.iter():
        name = tag(element)
        missing = REQUIRED.get(name, set()) - element.attrib.keys()
        assert not missing, (name, missing)
        for key in ("identifier", "response-identifier", "outcome-identifier"):
            assert NAME.fullmatch(element.get(key, "x")), (name, element.get(key))
        if not name.startswith("qti-"):
            assert name in BLOCKS | INLINE | INSIDE, name
            assert element.attrib.keys() <= WRITTEN, (name, element.attrib)
        if name in ("qti-item-body", "qti-content-body"):
            check_blocks(element)
        if name == "qti-rubric-block":
            assert set(element.get("view", "").split()) <= VIEWS
            assert element.get("use") in ("instructions", "scoring", "navigation")
    check_responses(item)
    check_outcomes(item)


def check_blocks(element: Element) -> None:
    """Only blocks stand in a body; text stands in them."""
    assert not (element.text or "").strip()
    for child in element:
        assert tag(child).startswith("qti-") or tag(child) in BLOCKS, tag(child)
        assert tag(child) not in ("qti-text-entry-interaction", "qti-inline-choice-interaction")
        assert not (child.tail or "").strip()


def check_responses(item: Element) -> None:
    declared = {one.get("identifier"): one for one in item.iter(f"{ITEM}qti-response-declaration")}
    asked = [one for one in item.iter() if tag(one) in FITTING]
    assert Counter(one.get("response-identifier") for one in asked) == Counter(list(declared))
    for one in asked:
        response = declared[one.get("response-identifier")]
        shape = (response.get("cardinality"), response.get("base-type"))
        assert shape in FITTING[tag(one)], (tag(one), shape)
        if tag(one) == "qti-choice-interaction":
            assert (one.get("max-choices") == "1") == (shape[0] == "single")
        offered = {each.get("identifier") for each in one.iter() if tag(each) in CHOICES}
        count = sum(tag(each) in CHOICES for each in one.iter())
        assert len(offered) == count, "identifiers are told apart"
        if shape[1] in ("identifier", "directedPair"):
            values = [each.text or "" for each in response.iter(f"{ITEM}qti-value")]
            keys = [each.get("map-key", "") for each in response.iter(f"{ITEM}qti-map-entry")]
            assert values
            assert {part for words in (*values, *keys) for part in words.split()} <= offered
    used = {
        one.get("identifier")
        for one in item.iter()
        if tag(one) in ("qti-variable", "qti-correct", "qti-map-response")
    }
    assert used <= declared.keys()
    for one in item.iter(f"{ITEM}qti-map-response"):
        assert declared[one.get("identifier")].find(f"{ITEM}qti-mapping") is not None


def check_outcomes(item: Element) -> None:
    declared = {one.get("identifier") for one in item.iter(f"{ITEM}qti-outcome-declaration")}
    set_to = {one.get("identifier") for one in item.iter(f"{ITEM}qti-set-outcome-value")}
    shown = {one.get("outcome-identifier") for one in item.iter()} - {None}
    assert "SCORE" in declared
    assert set_to | shown <= declared
    assert shown <= set_to, "feedback that nothing would show"


def check_manifest(manifest: Element, names: list[str]) -> None:
    assert manifest.tag == f"{PACKAGE}manifest"
    assert [child.tag for child in manifest] == [
        f"{PACKAGE}{name}" for name in ("metadata", "organizations", "resources")
    ]
    assert manifest.findtext(f"{PACKAGE}metadata/{PACKAGE}schema") == "QTI Package"
    assert manifest.findtext(f"{PACKAGE}metadata/{PACKAGE}schemaversion") == "3.0.0"
    resources = list(manifest.iter(f"{PACKAGE}resource"))
    ids = [manifest.get("identifier", ""), *(one.get("identifier", "") for one in resources)]
    assert len(set(ids)) == len(ids) and all(NAME.fullmatch(one) for one in ids)
    assert {one.get("type") for one in resources} == {"imsqti_item_xmlv3p0"}
    assert [one.get("href") for one in resources] == [
        one.get("href") for one in manifest.iter(f"{PACKAGE}file")
    ]
    assert sorted(one.get("href", "") for one in resources) == sorted(
        name for name in names if name != "imsmanifest.xml"
    )


@SOME
@given(st.lists(making.questions(making.EVERYWHERE | making.ORDERING), min_size=1, max_size=4))
def test_items_and_manifest_have_the_shape_of_the_specification(asked: list[Question]) -> None:
    items, manifest, names = written(asked)
    assert len(items) == len(asked)
    for item in items:
        check(item)
    check_manifest(manifest, names)


@SOME
@given(making.questions(), making.clozes())
def test_gaps_stand_in_paragraphs_and_have_their_responses(asked: Question, cloze) -> None:
    body, stem = cloze
    [item], _, _ = written([replace(asked, body=body, stem=Bilingual(stem))])
    check(item)


@pytest.mark.parametrize("rubric", [(), (Criterion(2, Bilingual("依据")),)])
def test_rich_text_and_essays(rubric: tuple[Criterion, ...]) -> None:
    asked = Question(
        id="",
        title=Bilingual("题"),
        stem=Bilingual(RICH),
        body=Essay(rubric),
        points=2,
        explanation=Bilingual(RICH),
        hint=Bilingual(RICH),
    )
    [item], _, _ = written([asked])
    check(item)
    assert item.find(f".//{ITEM}td") is not None and item.find(f".//{ITEM}li") is not None
