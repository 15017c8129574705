"""Opens a Word document: the files in its zip that hold the text, the styles, the properties."""

import posixpath
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.errors import ReadError
from ingest.readers.unpack import open_zip
from ingest.readers.word_xml import child_of, name_of, parse

if TYPE_CHECKING:
    from zipfile import ZipFile

    from lxml.etree import _Element

_MAIN = "word/document.xml"


@dataclass(frozen=True, slots=True)
class WordPackage:
    """What is read of a document; all but its text may be missing, or damaged."""

    document: "_Element"
    body: "_Element"
    styles: "_Element | None"
    properties: Mapping[str, str]
    """By name, such as "title", "creator" and "modified"."""


def open_word(data: bytes) -> WordPackage:
    """Return its parts; raises ReadError where it is none."""
    with open_zip(data) as packed:
        main = _related(packed, "", "officeDocument") or _MAIN
        if main not in packed.NameToInfo:
            raise ReadError("not a Word document, though it is called one")
        document = parse(packed.read(main))
        body = child_of(document, "body")
        if name_of(document) != "document" or body is None:
            raise ReadError("not a Word document, though it is called one")
        told = _read(packed, _related(packed, "", "core-properties"))
        return WordPackage(
            document,
            body,
            styles=_read(packed, _related(packed, main, "styles")),
            properties={} if told is None else {name_of(item): item.text or "" for item in told},
        )


def _related(packed: "ZipFile", part: str, kind: str) -> str | None:
    """Return the name of the file that a part of the document is related to in this way."""
    folder, name = posixpath.split(part)
    relations = _read(packed, posixpath.join(folder, "_rels", f"{name}.rels"))
    for relation in [] if relations is None else relations:
        if relation.get("Type", "").endswith(f"/{kind}"):
            target = posixpath.join("/", folder, relation.get("Target", ""))
            return posixpath.normpath(target).lstrip("/")
    return None


def _read(packed: "ZipFile", name: str | None) -> "_Element | None":
    from lxml.etree import XMLSyntaxError

    if name in packed.NameToInfo:
        with suppress(XMLSyntaxError):
            return parse(packed.read(name))
    return None
