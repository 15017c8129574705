"""Finds what decodes the encoding that a page, a server or a letter names."""

import codecs

_MORE_NAMES = {
    "iso8859-2": "iso88592",
    "iso8859-3": "iso88593",
    "iso8859-4": "iso88594",
    "iso8859-5": "iso88595",
    "iso8859-6": "iso88596 iso-8859-6-e iso-8859-6-i csiso88596e csiso88596i",
    "iso8859-7": "iso88597 sun_eu_greek",
    "iso8859-8": "iso88598 iso-8859-8-e iso-8859-8-i csiso88598e csiso88598i visual logical",
    "iso8859-10": "iso885910",
    "iso8859-13": "iso885913",
    "iso8859-14": "iso885914",
    "iso8859-15": "iso885915 csisolatin9",
    "iso8859-16": "iso885916",
    "koi8-r": "koi koi8",
    "koi8-u": "koi8-ru",
    "mac-roman": "mac csmacintosh x-mac-roman",
    "mac-cyrillic": "x-mac-cyrillic x-mac-ukrainian",
    "cp874": "windows-874 dos-874 iso885911",
    "cp1250": "x-cp1250",
    "cp1251": "x-cp1251",
    "cp1252": "x-cp1252 iso88591",
    "cp1253": "x-cp1253",
    "cp1254": "x-cp1254 iso88599",
    "cp1255": "x-cp1255",
    "cp1256": "x-cp1256",
    "cp1257": "x-cp1257",
    "cp1258": "x-cp1258",
    "gbk": "x-gbk gb_2312 gb_2312-80 csgb2312",
    "big5": "cn-big5 x-x-big5",
    "euc_jp": "x-euc-jp cseucpkdfmtjapanese",
    "shift_jis": "x-sjis windows-31j",
    "euc_kr": "cseuckr iso-ir-149 ks_c_5601-1989 ksc_5601 windows-949",
}
"""Names that Python does not know, from https://encoding.spec.whatwg.org/#names-and-labels."""

_MEANT = {
    "ascii": ("cp1252",),
    "iso8859-1": ("cp1252",),
    "iso8859-9": ("cp1254",),
    "iso8859-11": ("cp874",),
    "tis-620": ("cp874",),
    "gb2312": ("gb18030",),
    "gbk": ("gb18030",),
    "big5": ("cp950", "big5hkscs"),
    "big5hkscs": ("big5hkscs", "cp950"),
    "shift_jis": ("cp932",),
    "euc_jp": ("euc_jis_2004",),
    "euc_kr": ("cp949",),
}
"""What pages that name an encoding are written in: that one, and what its makers added to it."""

_NEVER_NAMED = frozenset(
    "utf-8 utf-8-sig utf-7 utf-16 utf-16-le utf-16-be utf-32 utf-32-le utf-32-be"
    " idna punycode undefined unicode-escape raw-unicode-escape".split()
)
"""UTF-8 is tried anyway, the wide ones are recognised, the rest encode no texts."""


def encodings_named(name: str | None) -> tuple[str, ...]:
    """Return the encodings that may be meant, by their names in Python.

    None for Unicode, which needs no name to be recognised, nor for a name that is none.
    """
    label = (name or "").strip().lower()
    known = next((known for known, more in _MORE_NAMES.items() if label in more.split()), label)
    try:
        encoding = codecs.lookup(known).name
        b"a".decode(encoding)  # LookupError for what decodes, but to no text, such as Base64
    except (LookupError, ValueError):
        return ()
    if encoding in _NEVER_NAMED:
        return ()
    return _MEANT.get(encoding, (encoding,))
