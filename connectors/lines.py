"""Text files of unknown encoding, read strictly: a byte that fits no encoding is an error.

``auto``: a byte order mark, else UTF-8 if the whole file is UTF-8, else GB18030. Never gbk or
gb2312, which cannot hold rare characters of names (䶮, 㛃, 𬱖). ``.gz`` is unpacked on the way.
"""

from __future__ import annotations

import codecs
import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Literal, cast

from connectors.files import SourceFile
from models.errors import IncompleteData, SourceError

Encoding = Literal["auto", "utf-8", "gb18030", "utf-16"]
_BLOCK = 1 << 20
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"),
          (codecs.BOM_UTF16_BE, "utf-16"))  # fmt: skip


@contextmanager
def open_text(file: SourceFile, encoding: Encoding) -> Iterator[io.TextIOBase]:
    """Yield the file's text, lines ended by ``\\n`` only, nothing translated.

    Raises SourceError with the offset of a byte that cannot be read, IncompleteData when a
    packed file ends too early.
    """
    chosen = _detect(file) if encoding == "auto" else _with_mark(file, encoding)
    with _unpacked(file.path) as stream, _explained(file, chosen):
        yield io.TextIOWrapper(stream, encoding=chosen, errors="strict", newline="\n")


def ends_with_newline(file: SourceFile) -> bool:
    """Say whether the last byte of the (unpacked) file ends a line."""
    last = b""
    with _unpacked(file.path) as stream, _explained(file, "bytes"):
        if file.path.suffix.lower() != ".gz":
            stream.seek(max(0, file.path.stat().st_size - 2))
        while block := stream.read(_BLOCK):
            last = block[-2:]
    return last.endswith((b"\n", b"\n\x00"))


def _detect(file: SourceFile) -> str:
    with _unpacked(file.path) as stream, _explained(file, "bytes"):
        block = stream.read(_BLOCK)
        for mark, name in _MARKS:
            if block.startswith(mark):
                return name
        decoder = codecs.getincrementaldecoder("utf-8")("strict")
        try:
            while block:
                decoder.decode(block)
                block = stream.read(_BLOCK)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "gb18030"
    return "utf-8"


def _with_mark(file: SourceFile, encoding: str) -> str:
    """A byte order mark of the encoding asked for is no part of the text."""
    with _unpacked(file.path) as stream, _explained(file, "bytes"):
        return (
            "utf-8-sig" if encoding == "utf-8" and stream.read(3) == codecs.BOM_UTF8 else encoding
        )


@contextmanager
def _unpacked(path: Path) -> Iterator[BinaryIO]:
    if path.suffix.lower() == ".gz":
        with gzip.open(path, "rb") as packed:
            yield cast(BinaryIO, packed)
    else:
        with path.open("rb") as plain:
            yield plain


@contextmanager
def _explained(file: SourceFile, encoding: str) -> Iterator[None]:
    try:
        yield
    except UnicodeDecodeError as error:
        raise SourceError(
            file.source,
            f"{file.name} is not {encoding}: the bytes near offset {_offset(file, encoding)} "
            f"cannot be read ({error.reason}). Ask for the file again, or write its encoding "
            "into 'read.encoding'.",
        ) from None
    except (EOFError, zlib.error):
        raise IncompleteData(
            file.source, f"{file.name} ends in the middle of its packed data; ask for it again."
        ) from None
    except gzip.BadGzipFile:
        raise SourceError(
            file.source, f"{file.name} is named .gz but is not a gzip file; ask for it again."
        ) from None


def _offset(file: SourceFile, encoding: str) -> int:
    """Return the offset of the first byte that cannot be read."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    position = 0
    with _unpacked(file.path) as stream:
        while block := stream.read(_BLOCK):
            kept = len(decoder.getstate()[0])
            try:
                decoder.decode(block)
            except UnicodeDecodeError as error:
                return position - kept + error.start
            position += len(block)
    return position
