"""What reading a broken zip package raises, whoever reads it."""

import zipfile
import zlib

# KeyError: a part is missing; RuntimeError: it is locked; ValueError: its head is nonsense.
BROKEN = (
    zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, KeyError, RuntimeError,
    ValueError,
)  # fmt: skip
