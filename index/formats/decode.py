"""Bytes become text: the encoding is known or found with confidence, and never guessed silently.

Text that comes out has one kind of newline, no control characters and nothing that UTF-8 cannot hold.
"""

import codecs
import re

from index.errors import SourceError

# The legacy encodings that pages and mail programs wrote. DOS and Macintosh ones are left out on purpose:
# they decode every byte, so a detector that may choose them turns curly quotes into box drawings.
LEGACY_ENCODINGS = (
    "cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257",
    "koi8_r", "iso8859_2", "iso8859_15", "cp932", "euc_jp", "gb18030", "big5", "cp949",
)  # fmt: skip
# What is declared by a name that browsers read as its larger relative (the WHATWG Encoding Standard).
RELATIVES = {
    "iso8859-1": "cp1252", "ascii": "cp1252", "iso8859-9": "cp1254", "shift_jis": "cp932",
    "gb2312": "gb18030", "gbk": "gb18030", "euc_kr": "cp949", "iso8859-2": "iso8859_2",
    "iso8859-15": "iso8859_15", "koi8-r": "koi8_r",
}  # fmt: skip
UNICODE_ENCODINGS = ("utf-8", "utf-16", "utf-16-le", "utf-16-be")
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
MOST_CHAOS = 0.1  # charset_normalizer: share of improbable characters, 0 is clean
LEAST_COHERENCE = 0.1  # charset_normalizer: likeness to a known language, 0 is none
DETECTION_BYTES = 100_000  # a sample as long as a long article decides as well as the whole
MOST_CONTROLS = 0.01  # share of control characters from which bytes are taken for a binary file
MOST_REPLACED = 0.001  # share of damaged characters that a declared encoding is forgiven
REMEDY = "save the file as UTF-8 and try again"

_LINE_ENDS = re.compile(r"\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_UNWANTED = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ufeff\u00ad]")
_SURROGATES = re.compile(r"[\ud800-\udfff]")
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_DECODED_BEYOND_ASCII = re.compile(r"[^\x00-\x7f\ufffd]")


def tidy(text: str) -> str:
    r"""Return `text` with `\n` for every line end and without characters that are no text.

    Soft hyphens and byte order marks go; a lone surrogate (possible in JSON) becomes U+FFFD.
    """
    return _SURROGATES.sub("\ufffd", _UNWANTED.sub("", _LINE_ENDS.sub("\n", text)))


def decode(data: bytes, declared: str | None = None) -> str:
    """Return the text of `data`; `declared` is the encoding that a header or the page itself names.

    A byte order mark wins, then the declared encoding, UTF-8, and a legacy encoding found with confidence.

    Raises:
        SourceError: for a binary file or an encoding that is not found; names the byte offset.
    """
    for mark, encoding in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _decode_marked(data, encoding)
    text = _decode_declared(data, declared)
    if text is not None:
        return text
    if b"\0" in data:
        raise SourceError(f"binary data, not text: a NUL at byte {data.index(0)}; if it is text, {REMEDY}")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        text = _decode_legacy(data, error.start)
    if len(_CONTROLS.findall(text)) > MOST_CONTROLS * len(text):
        raise SourceError(f"binary data, not text: many control characters; if it is text, {REMEDY}")
    return text


def _decode_marked(data: bytes, encoding: str) -> str:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise SourceError(
            f"begins with the mark of {encoding.upper()} but is not: {error.reason} at byte {error.start}; {REMEDY}"
        ) from error
    if "\0" in text:
        raise SourceError(f"binary data, not text: it holds NULs; if it is text, {REMEDY}")
    return text


def _decode_declared(data: bytes, declared: str | None) -> str | None:
    """Return the text by the declared encoding, or None where the declaration is unknown or untrue."""
    if not declared:
        return None
    try:
        name = codecs.lookup(declared.strip()).name
    except (LookupError, ValueError):
        return None
    name = RELATIVES.get(name, name)
    if name not in LEGACY_ENCODINGS and name not in UNICODE_ENCODINGS:
        return None
    text = data.decode(name, errors="replace")
    trustworthy = "\0" not in text and text.count("\ufffd") <= MOST_REPLACED * len(text)
    return text if trustworthy else None


def _decode_legacy(data: bytes, offset: int) -> str:
    """Return the text by the legacy encoding that fits; `offset` is where UTF-8 failed first."""
    import charset_normalizer

    unknown = SourceError(f"unknown encoding: byte {offset} (0x{data[offset]:02x}) is not UTF-8; {REMEDY}")
    as_utf8 = data.decode("utf-8", errors="replace")
    if len(_DECODED_BEYOND_ASCII.findall(as_utf8)) > as_utf8.count("\ufffd"):
        raise SourceError(f"damaged UTF-8: byte {offset} (0x{data[offset]:02x}) does not fit; {REMEDY}")
    best = charset_normalizer.from_bytes(_sample(data, offset), cp_isolation=list(LEGACY_ENCODINGS)).best()
    if best is None or best.chaos > MOST_CHAOS or best.coherence < LEAST_COHERENCE:
        raise unknown
    try:
        return data.decode(best.encoding)
    except UnicodeDecodeError:
        raise unknown from None


def _sample(data: bytes, offset: int) -> bytes:
    """Return whole lines around the first byte that tells encodings apart."""
    if len(data) <= DETECTION_BYTES:
        return data
    start = data.rfind(b"\n", 0, offset) + 1
    return data[max(start, offset - DETECTION_BYTES // 2) :][:DETECTION_BYTES]
