"""Reads the XML of a Word document by local names: its two standards differ in namespaces alone."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element

_OFF = frozenset({"0", "false", "off", "none"})


def parse(data: bytes) -> "_Element":
    """Return the root; raises lxml.etree.XMLSyntaxError for what is none, or too deep."""
    from lxml.etree import ErrorTypes, XMLParser, XMLSyntaxError, fromstring

    parser = XMLParser(
        resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True
    )
    try:
        return fromstring(data, parser)
    except XMLSyntaxError as error:
        if error.code == ErrorTypes.ERR_NO_MEMORY:
            raise MemoryError from error
        raise


def name_of(element: "_Element") -> str:
    """Return its name without a namespace; empty for what is no element."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def child_of(element: "_Element | None", *path: str) -> "_Element | None":
    """Return the first child of this name, and so on down the path."""
    for name in path:
        if element is None:
            return None
        element = next((child for child in element if name_of(child) == name), None)
    return element


def attribute(element: "_Element | None", name: str = "val") -> str | None:
    """Return an attribute, None for one that is missing."""
    if element is None:
        return None
    return next(
        (value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), None
    )


def is_on(element: "_Element | None") -> bool:
    """Tell whether a property that needs no value is there, and not switched off."""
    return element is not None and attribute(element) not in _OFF
