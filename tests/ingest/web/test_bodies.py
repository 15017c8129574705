import gzip
import zlib

import pytest

from ingest.web.bodies import gunzip, read_body


@pytest.mark.parametrize("length", [65_535, 65_536, 65_793, 66_050])
def test_step_that_ends_before_the_last_letters_loses_none(length: int) -> None:
    bare = zlib.compress(b"a" * length)[2:-4]
    assert len(read_body([bare], "deflate", max_bytes=100_000)) == length


@pytest.mark.parametrize("size", [1, 7, 16_384, 100_000])
def test_several_gzips_are_one_file_wherever_they_are_cut(size: int) -> None:
    sent = gzip.compress(b"story" * 5_000, mtime=0) + gzip.compress(b"x", mtime=0) * 3
    chunks = [sent[start : start + size] for start in range(0, len(sent), size)]
    assert read_body(chunks, "gzip", max_bytes=100_000) == b"story" * 5_000 + b"xxx"


def test_a_million_empty_gzips_are_nothing() -> None:
    assert gunzip(gzip.compress(b"", mtime=0) * 1_000_000, max_bytes=1_000) == b""
