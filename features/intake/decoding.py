"""From a file's bytes to UTF-8: byte-order mark, strict UTF-8, strict GB18030."""

from dataclasses import dataclass

_UTF8_MARK = b"\xef\xbb\xbf"
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
#: A character takes at most four bytes, so a cut one leaves at most three.
_CUT_BYTES = 3


@dataclass(frozen=True)
class Decoded:
    """`content` is UTF-8 without mark. `cut`: the file ends in the middle of a character. `damaged`: some
    bytes belong to no character and stand as U+FFFD."""

    content: bytes
    encoding: str
    cut: bool = False
    damaged: bool = False


def decode(content: bytes) -> Decoded:
    """Decode a text file. Never fails: what no encoding explains is marked `damaged`."""
    if content.startswith(_UTF16_MARKS):
        return Decoded(content.decode("utf-16", errors="replace").encode(), "utf-16")
    plain = content.removeprefix(_UTF8_MARK)
    return _strict(plain, "utf-8") or _strict(plain, "gb18030") or _damaged(plain)


def _strict(content: bytes, encoding: str) -> Decoded | None:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as failure:
        if failure.start < len(content) - _CUT_BYTES or failure.end < len(content):
            return None
        whole = content[: failure.start]
        return Decoded(whole.decode(encoding).encode(), encoding, cut=True)
    return Decoded(content if encoding == "utf-8" else text.encode(), encoding)


def _damaged(content: bytes) -> Decoded:
    """UTF-8 where most of what is not plain ASCII reads as such (other Chinese text hardly ever does)."""
    text = content.decode("utf-8", errors="replace")
    wide = len(text) - len(text.encode("ascii", errors="ignore"))
    if text.count("\ufffd") * 2 < wide:
        return Decoded(text.encode(), "utf-8", damaged=True)
    return Decoded(content.decode("gb18030", errors="replace").encode(), "gb18030", damaged=True)
