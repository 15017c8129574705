"""Splits an export into lines, as a stream: the file may be larger than memory."""

import codecs
import io
from collections.abc import Iterator

UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def read_lines(stream: io.BufferedReader, max_bytes: int) -> Iterator[bytes | None]:
    """Yield the lines in UTF-8, as far as they are; None for one that is over the limit."""
    if stream.peek(2)[:2] in UTF16_MARKS:
        # What PowerShell writes; a text wrapper would split at other line ends, too.
        text = io.TextIOWrapper(stream, "utf-16", errors="replace", newline="\n")
        while line := text.readline(max_bytes):
            yield line.encode()
        text.detach()
        return
    if stream.peek(3)[:3] == codecs.BOM_UTF8:
        stream.read(3)
    while raw := stream.readline(max_bytes + 1):
        if len(raw) <= max_bytes:
            yield raw
            continue
        while raw and not raw.endswith(b"\n"):
            raw = stream.readline(max_bytes)
        yield None
