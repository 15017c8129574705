"""Makes files that are small, and ask for all the time or memory there is; sized by `much`."""

import io
import random
import zipfile
from collections.abc import Callable, Mapping

import docx
from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DecodedStreamObject, DictionaryObject, NameObject

from tests.ingest.made_files import add_page, written, zipped

_LAUGHS = (
    "<!DOCTYPE lolz ["
    + '<!ENTITY lol0 "lol">'
    + "".join(f'<!ENTITY lol{n} "{f"&lol{n - 1};" * 10}">' for n in range(1, 10))
    + "]>"
)
_WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def flate_pdf(much: float) -> bytes:
    """A page whose operators unpack a thousandfold, 200 MB of them."""
    return _pdf(lambda writer: add_page(writer, b" " * int(200_000_000 * much), packed=True))


def operators_pdf(much: float) -> bytes:
    """A page of three million lines of text, one below the other."""
    lines = b"0 1 Td (a) Tj " * int(3_000_000 * much)
    return _pdf(lambda writer: add_page(writer, b"BT /F1 12 Tf " + lines + b"ET", packed=True))


def looped_pdf(_much: float) -> bytes:
    """A tree of pages that has its root for a branch."""

    def draw(writer: PdfWriter) -> None:
        add_page(writer, b"BT /F1 12 Tf (a) Tj ET")
        root = writer.root_object["/Pages"].get_object()
        assert isinstance(root, DictionaryObject)
        kids = root["/Kids"]
        assert isinstance(kids, ArrayObject)
        assert root.indirect_reference is not None
        kids.append(root.indirect_reference)

    return _pdf(draw)


def nested_pdf(_much: float) -> bytes:
    """A form that draws itself, twice."""

    def draw(writer: PdfWriter) -> None:
        add_page(writer, b"/X Do")
        form = DecodedStreamObject()
        form.set_data(b"/X Do /X Do")
        form[NameObject("/Type")] = NameObject("/XObject")
        form[NameObject("/Subtype")] = NameObject("/Form")
        known = DictionaryObject({NameObject("/X"): writer._add_object(form)})
        form[NameObject("/Resources")] = DictionaryObject({NameObject("/XObject"): known})
        resources = writer.pages[0]["/Resources"]
        assert isinstance(resources, DictionaryObject)
        resources[NameObject("/XObject")] = known

    return _pdf(draw)


def many_pages_pdf(much: float) -> bytes:
    """A page that stands in the tree 200,000 times."""

    def draw(writer: PdfWriter) -> None:
        add_page(writer, b"BT /F1 12 Tf (a) Tj ET")
        root = writer.root_object["/Pages"].get_object()
        assert isinstance(root, DictionaryObject)
        kids = root["/Kids"]
        assert isinstance(kids, ArrayObject)
        kids.extend([kids[0]] * int(200_000 * much))

    return _pdf(draw)


def _pdf(draw: Callable[[PdfWriter], None]) -> bytes:
    writer = PdfWriter()
    draw(writer)
    return written(writer)


def packed_docx(much: float) -> bytes:
    """A document of 300 MB of blanks."""
    return _docx(" " * int(300_000_000 * much))


def laughing_docx(_much: float) -> bytes:
    """A billion laughs."""
    return _docx(f"{_LAUGHS}<w:document {_WORD}><w:body>&lol9;</w:body></w:document>")


def deep_docx(much: float) -> bytes:
    """Paragraphs in paragraphs, 100,000 deep."""
    return _docx(f"<w:document {_WORD}><w:body>{'<w:p>' * int(100_000 * much)}")


def crowded_docx(much: float) -> bytes:
    """A document of two million empty paragraphs and runs, in no order that packs well."""
    order = random.Random(0).choices(("<w:p/>", "<w:r/>"), k=int(2_000_000 * much))
    return _docx(f"<w:document {_WORD}><w:body>{''.join(order)}</w:body></w:document>")


def _docx(document: str) -> bytes:
    out = io.BytesIO()
    docx.Document().save(out)
    with zipfile.ZipFile(out) as made:
        files = {name: made.read(name) for name in made.namelist()}
    return zipped({**files, "word/document.xml": document.encode()})


def laughing_page(_much: float) -> bytes:
    """A billion laughs."""
    return f'<?xml version="1.0"?>{_LAUGHS}<html><body><p>&lol9;</p></body></html>'.encode()


def deep_page(much: float) -> bytes:
    """Boxes in boxes, 100,000 deep."""
    return b"<div>" * int(100_000 * much) + b"<p>The minister left.</p>"


def wide_page(much: float) -> bytes:
    """A page of 300,000 paragraphs."""
    return b"<p>The minister left, and no one knows why.</p>" * int(300_000 * much)


def styled_page(much: float) -> bytes:
    """A page of 20,000 paragraphs that 5,000 rules are held against, each in vain."""
    rules = b".a .b .c .d .e{color:red}" * 5_000
    text = b"<p class=e>The minister left.</p>" * int(20_000 * much)
    return b"<style>" + rules + b"</style>" + b"<div class=a>" * 200 + text


def packed_zip(much: float) -> bytes:
    """A text of 300 MB of blanks."""
    return zipped({"a.txt": b" " * int(300_000_000 * much)})


def crowded_letter(much: float) -> bytes:
    """A letter with 200,000 files attached."""
    attached = b"--b\nContent-Type: text/csv; name=a.csv\n\na\n"
    head = b"Subject: a\nContent-Type: multipart/mixed; boundary=b\n\n"
    return head + attached * int(200_000 * much)


def deep_letter(much: float) -> bytes:
    """A letter of parts in parts, 5,000 deep."""
    parts = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n)
        for n in range(int(5_000 * much))
    )
    return b"Subject: a\n" + parts


BOMBS: Mapping[str, Callable[[float], bytes]] = {
    "flate.pdf": flate_pdf,
    "operators.pdf": operators_pdf,
    "looped.pdf": looped_pdf,
    "nested.pdf": nested_pdf,
    "pages.pdf": many_pages_pdf,
    "packed.docx": packed_docx,
    "laughs.docx": laughing_docx,
    "deep.docx": deep_docx,
    "crowded.docx": crowded_docx,
    "laughs.xhtml": laughing_page,
    "deep.html": deep_page,
    "wide.html": wide_page,
    "styled.html": styled_page,
    "packed.zip": packed_zip,
    "crowded.eml": crowded_letter,
    "deep.eml": deep_letter,
}
"""By the name of the file; with `much` at 1 at full size."""
