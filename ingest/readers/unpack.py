"""Opens a zip, and a document that is one, after a look at what it would unpack to."""

import io
import zipfile

from ingest.errors import ReadError

MOST_FILES = 20_000
MOST_UNPACKED_BYTES = 400_000_000
MOST_RATIO = 100
"""Text packs to a third or a tenth of its size; a bomb to a thousandth."""

_ALWAYS_UNPACKED_BYTES = 1_000_000
_ENTRY = b"PK\x01\x02"


def open_zip(data: bytes) -> zipfile.ZipFile:
    """Return the zip; raises ReadError for one that is damaged, or would unpack to too much.

    What it says of its sizes can be trusted so far: zipfile reads no more of a file than that.
    """
    # Counted in the bytes, as zipfile makes an object of each before it can be asked.
    if data.count(_ENTRY) > MOST_FILES:
        raise ReadError(f"holds more than {MOST_FILES} files")
    try:
        packed = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise ReadError(f"damaged: {error}") from error
    unpacked = sum(info.file_size for info in packed.infolist())
    if unpacked > MOST_UNPACKED_BYTES:
        raise ReadError(f"unpacks to more than {MOST_UNPACKED_BYTES / 1e6:.0f} MB")
    if unpacked > max(MOST_RATIO * len(data), _ALWAYS_UNPACKED_BYTES):
        raise ReadError(f"unpacks to {unpacked // len(data)} times its size, as a bomb does")
    return packed
