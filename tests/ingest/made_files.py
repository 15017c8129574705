"""Makes the files that tests read: PDF, Word, zip and e-mail."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from email.message import EmailMessage

from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject


def pdf(*pages: Sequence[str], password: str = "", **told: str) -> bytes:
    """Print lines, 14 points apart; `told` is what the file says of itself, e.g. its Title."""
    writer = PdfWriter()
    for lines in pages:
        shown = " T* ".join(f"({_escaped(line)}) Tj" for line in lines)
        add_page(writer, f"BT /F1 12 Tf 14 TL 60 760 Td {shown} ET".encode("cp1252"))
    writer.add_metadata({f"/{name}": value for name, value in told.items()})
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    return written(writer)


def add_page(writer: PdfWriter, operators: bytes, *, packed: bool = False) -> None:
    """Add a page that is drawn by these operators, which may use the font /F1."""
    page = writer.add_blank_page(595, 842)
    name = NameObject
    font = DictionaryObject(
        {
            name("/Type"): name("/Font"),
            name("/Subtype"): name("/Type1"),
            name("/BaseFont"): name("/Helvetica"),
            name("/Encoding"): name("/WinAnsiEncoding"),
        }
    )
    fonts = DictionaryObject({name("/F1"): writer._add_object(font)})
    page[name("/Resources")] = DictionaryObject({name("/Font"): fonts})
    stream = DecodedStreamObject()
    stream.set_data(operators)
    page[name("/Contents")] = writer._add_object(stream.flate_encode() if packed else stream)


def written(writer: PdfWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _escaped(line: str) -> str:
    return line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def zipped(files: Mapping[str, bytes | str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name, content in files.items():
            info = zipfile.ZipInfo(name, (2021, 12, 3, 10, 0, 0))
            packed.writestr(info, content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def letter(text: str, **headers: str) -> EmailMessage:
    """Write an e-mail; `Content_Language` stands for the header Content-Language."""
    message = EmailMessage()
    message.set_content(text)
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    return message
