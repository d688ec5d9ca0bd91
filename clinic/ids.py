"""Primary keys of tenant rows."""

import os
import time
from uuid import UUID


def uuid7() -> UUID:
    """Return a UUIDv7 (RFC 9562): sorts by creation, tells nobody how many rows a clinic has.

    Twelve of its bits are the fraction of the millisecond (section 6.2, method 3): rows of one request sort too.
    """
    millis, nanos = divmod(time.time_ns(), 1_000_000)
    value = (millis << 80) | (0x7 << 76) | (nanos * 4096 // 1_000_000 << 64) | int.from_bytes(os.urandom(8))
    value = (value & ~(0x3 << 62)) | (0x2 << 62)
    return UUID(int=value)
