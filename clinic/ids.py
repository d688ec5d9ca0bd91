"""Primary keys of tenant rows."""

import os
import time
from uuid import UUID


def uuid7() -> UUID:
    """Return a UUIDv7 (RFC 9562): sorts by creation, tells nobody how many rows a clinic has."""
    millis = time.time_ns() // 1_000_000
    value = (millis << 80) | int.from_bytes(os.urandom(10))
    value = (value & ~(0xF << 76)) | (0x7 << 76)
    value = (value & ~(0x3 << 62)) | (0x2 << 62)
    return UUID(int=value)
