"""How much a clinic may upload at once; the portal's settings fill it (docs/settings.md)."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Bytes, pixels, seconds. A photo is made to fit `longest_side` pixels."""

    photo_bytes: int = 15_000_000
    video_bytes: int = 100_000_000
    pixels: int = 40_000_000
    longest_side: int = 1600
    video_seconds: int = 180
    video_longest_side: int = 3840

    @property
    def photo_megabytes(self) -> int:
        """The largest photo, in MB of a million bytes, as phones count."""
        return self.photo_bytes // 1_000_000

    @property
    def video_megabytes(self) -> int:
        """The largest video, likewise."""
        return self.video_bytes // 1_000_000
