"""Anchoring documents."""

from __future__ import annotations

import os

from . import _native
from ._records import DocumentDigest


def document_digest(path: str | os.PathLike[str]) -> DocumentDigest:
    """SHA-256 and length of a file, read as it streams by: 4 GiB need no more memory than 4 KiB.

    Other threads run meanwhile. Raises `FileError`.
    """
    return DocumentDigest.from_wire(_native.document_digest(os.fspath(path)))
