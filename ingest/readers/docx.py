"""Reads a Word document: its headings, paragraphs, lists, tables, boxes and notes, in order."""

import io
import posixpath
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import groupby
from typing import TYPE_CHECKING

from ingest.drafts import Draft
from ingest.errors import ReadError
from ingest.files import SourceFile, read_bytes
from ingest.readers.docx_styles import (
    Look,
    Numbering,
    Styles,
    attribute,
    child_of,
    is_on,
    name_of,
    parse_xml,
)
from ingest.readers.records import written_author, written_title
from ingest.readers.zip import open_zip

if TYPE_CHECKING:
    from zipfile import ZipFile

    from lxml.etree import _Element

_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_MAIN = "word/document.xml"
_TITLES = ("title", "heading 1")
_TEMPLATE_SAVED_AT = datetime(2013, 12, 23, 23, 15, tzinfo=UTC)
"""What python-docx, with which many documents are made, leaves in each that has no other date."""

_NOT_SHOWN = frozenset(
    # What was deleted or moved away, the readings above signs, and the properties of others.
    "del moveFrom rt pPr rPr tblPr trPr tcPr sectPr sdtPr sdtEndPr".split()
)
_CHARACTERS = {"tab": " ", "ptab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_NOTES = ("footnote", "endnote")
_PROSE_CHARS = 100
"""A cell that holds more, in several paragraphs, is there for the layout of the page."""

_MOST_DIGITS = 3
"""Of the columns that a cell spans."""


def read_docx(stream: io.BufferedReader, file: SourceFile) -> Iterator[Draft]:
    """Yield the article; the day it was saved is taken for no more than a file's date."""
    data = read_bytes(stream, file)
    if data.startswith(_OLD_OFFICE):
        raise ReadError("an old Word file, or locked with a password: save it anew without one")
    package = _open(data)
    blocks = list(_BlockReader(package).blocks())
    if not blocks:
        raise ReadError("holds no text")
    properties = package.properties
    yield Draft(
        text="\n\n".join(f"{block.label} {block.text}".strip() for block in blocks),
        origin=file.origin,
        container=file.container,
        source=file.source,
        title=written_title(properties.get("title")) or _styled_title(blocks),
        author=written_author(properties.get("creator")),
        url=file.url,
        language=properties.get("language", "").strip() or None,
        modified_at=_saved_at(properties.get("modified", "")) or file.modified_at,
    )


def _saved_at(written: str) -> datetime | None:
    with suppress(ValueError):
        moment = datetime.fromisoformat(written.strip())
        aware = moment.replace(tzinfo=moment.tzinfo or UTC)
        return None if aware == _TEMPLATE_SAVED_AT else aware
    return None


@dataclass(frozen=True, slots=True)
class _Package:
    """The parts of a document; all but its text may be missing, or damaged."""

    document: "_Element"
    body: "_Element"
    styles: "_Element | None"
    numbering: "_Element | None"
    notes: "Mapping[str, _Element | None]"
    """The footnotes and the endnotes, by what one of them is called."""

    properties: Mapping[str, str]
    """By name, such as "title", "creator" and "modified"."""


def _open(data: bytes) -> _Package:
    """Return the parts of a document; raises ReadError where it is none."""
    with open_zip(data) as packed:
        main = _related(packed, "", "officeDocument") or _MAIN
        if main not in packed.NameToInfo:
            raise ReadError("not a Word document, though it is called one")
        document = parse_xml(packed.read(main))
        body = child_of(document, "body")
        if name_of(document) != "document" or body is None:
            raise ReadError("not a Word document, though it is called one")
        core = _read_part(packed, _related(packed, "", "core-properties"))
        return _Package(
            document,
            body,
            styles=_read_part(packed, _related(packed, main, "styles")),
            numbering=_read_part(packed, _related(packed, main, "numbering")),
            notes={k: _read_part(packed, _related(packed, main, f"{k}s")) for k in _NOTES},
            properties={} if core is None else {name_of(item): item.text or "" for item in core},
        )


def _related(packed: "ZipFile", part: str, kind: str) -> str | None:
    """Return the name of the file that a part of the document is related to in this way."""
    folder, name = posixpath.split(part)
    relations = _read_part(packed, posixpath.join(folder, "_rels", f"{name}.rels"))
    for relation in [] if relations is None else relations:
        if relation.get("Type", "").endswith(f"/{kind}"):
            target = posixpath.join("/", folder, relation.get("Target", ""))
            return posixpath.normpath(target).lstrip("/")
    return None


def _read_part(packed: "ZipFile", name: str | None) -> "_Element | None":
    from lxml.etree import XMLSyntaxError

    if name in packed.NameToInfo:
        with suppress(XMLSyntaxError):
            return parse_xml(packed.read(name))
    return None


@dataclass(frozen=True, slots=True)
class _Block:
    """A paragraph, or a row of a table, on one line."""

    text: str
    style: str | None = None
    """The name of a paragraph's style in lower case, may be empty; None for a row."""

    label: str = ""
    """The number of an item of a list."""


def _styled_title(blocks: Sequence[_Block]) -> str | None:
    """Return the first paragraph, if it is set as a title."""
    first = next((block for block in blocks if block.style is not None), None)
    return first.text if first and first.style in _TITLES else None


class _BlockReader:
    """Reads what a document shows, none of it empty, and then the notes that it refers to."""

    def __init__(self, package: _Package) -> None:
        self._package = package
        self._styles = Styles(package.styles)
        self._numbering = Numbering(package.numbering)
        self._referred: dict[str, dict[str, None]] = {kind: {} for kind in _NOTES}

    def blocks(self) -> Iterator[_Block]:
        look = self._styles.of_document(self._package.document)
        yield from self._within(self._package.body, look)
        for kind, root in self._package.notes.items():
            notes = {attribute(note, "id"): note for note in ([] if root is None else root)}
            # Copied, as a note may refer to others, and so to itself.
            for number in list(self._referred[kind]):
                if number in notes:
                    yield from self._within(notes[number], look)

    def _within(self, holder: "_Element", look: Look) -> Iterator[_Block]:
        """Yield the blocks in an element that looks like this."""
        for element in _nearest(holder, "p", "tbl"):
            read = self._paragraphs if name_of(element) == "p" else self._rows
            yield from read(element, look)

    def _paragraphs(self, element: "_Element", look: Look) -> Iterator[_Block]:
        """Yield the paragraphs of one, which two line breaks divide, and then its boxes."""
        if not len(element):
            return
        boxes: list[_Element] = []
        text = "".join(self._pieces(element, self._styles.of_paragraph(element, look), boxes))
        style = self._styles.name_of_style(element)
        label = self._numbering.label(*self._styles.list_of(element))
        lines = [" ".join(line.split()) for line in text.split("\n")]
        for is_filled, group in groupby(lines, bool):
            if is_filled:
                yield _Block(" ".join(group), style, label)
                label = ""
        for box in boxes:
            yield from self._within(box, replace(look, behind=None))

    def _pieces(self, element: "_Element", look: Look, boxes: "list[_Element]") -> Iterator[str]:
        """Yield the text of an element; the boxes that stand in it are collected."""
        for child in _shown(element):
            name = name_of(child)
            if name == "t":
                if look.is_readable:
                    yield (child.text or "").replace("\n", " ")
            elif name in _CHARACTERS:
                yield "\n\n" if attribute(child, "type") == "page" else _CHARACTERS[name]
            elif name == "txbxContent":
                if not look.is_hidden:
                    boxes.append(child)
            elif name in ("footnoteReference", "endnoteReference"):
                if look.is_readable:
                    kind = name.removesuffix("Reference")
                    self._referred[kind][attribute(child, "id") or ""] = None
            else:
                inner = self._styles.of_run(child, look) if name == "r" else look
                yield from self._pieces(child, inner, boxes)

    def _rows(self, table: "_Element", look: Look) -> Iterator[_Block]:
        look = self._styles.of_table(table, look)
        above: dict[int, list[_Block]] = {}
        for row in _nearest(table, "tr"):
            properties = child_of(row, "trPr")
            if child_of(properties, "del") is not None or is_on(child_of(properties, "hidden")):
                continue
            cells = [cell for cell in self._cells(row, look, above) if cell]
            if len(cells) == 1 or any(map(_is_layout, cells)):
                yield from (block for cell in cells for block in cell)
            elif cells:
                yield _Block(" | ".join(map(_cell_text, cells)))

    def _cells(
        self, row: "_Element", look: Look, above: dict[int, list[_Block]]
    ) -> Iterator[list[_Block]]:
        """Yield what each cell holds; `above` keeps what lower rows share, by column."""
        column = 0
        for cell in _nearest(row, "tc"):
            properties = child_of(cell, "tcPr")
            merged = child_of(properties, "vMerge")
            if merged is not None and attribute(merged) != "restart":
                yield above.get(column, [])
            else:
                blocks = list(self._within(cell, self._styles.of_cell(cell, look)))
                is_shared = merged is not None and _length(blocks) <= _PROSE_CHARS
                above[column] = blocks if is_shared else []
                yield blocks
            span = attribute(child_of(properties, "gridSpan")) or ""
            column += int(span[:_MOST_DIGITS]) if span.isdecimal() else 1


def _shown(element: "_Element") -> "Iterator[_Element]":
    """Yield the children that are shown, changes taken as accepted."""
    for child in element:
        if name_of(child) == "AlternateContent":
            # The same thing several times, the best first, for older programs too.
            yield from next((_shown(way) for way in child if len(way)), iter(()))
        elif name_of(child) not in _NOT_SHOWN:
            yield child


def _nearest(element: "_Element", *names: str) -> "Iterator[_Element]":
    """Yield the elements of these names, also out of what only wraps them."""
    for child in _shown(element):
        if name_of(child) in names:
            yield child
        else:
            yield from _nearest(child, *names)


def _cell_text(cell: Sequence[_Block]) -> str:
    return " ".join(f"{block.label} {block.text}".strip() for block in cell)


def _is_layout(cell: Sequence[_Block]) -> bool:
    return len(cell) > 1 and _length(cell) > _PROSE_CHARS


def _length(cell: Sequence[_Block]) -> int:
    return sum(len(block.text) for block in cell)
