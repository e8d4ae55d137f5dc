"""A program of its own: one HEIC photo on standard input, an upright JPEG on standard output.

The decoder is native code, and damaged files were seen to end the process that reads them with a segmentation fault.
Here only this process ends, and it may not take more memory than a phone's photo needs. It imports nothing of the
house, so that it starts quickly and from anywhere.
"""

import resource
import sys
from io import BytesIO

import pi_heif

TOO_LARGE = 3
"""Exit code; any other than 0 means that the photo could not be read."""
_MOST_PIXELS = 64_000_000
_MOST_MEMORY = 2_000_000_000
_MOST_SECONDS = 20
_NEARLY_LOSSLESS = 95


def main(side: int) -> int:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_MOST_SECONDS, _MOST_SECONDS))
    with pi_heif.HeifImageFile(BytesIO(sys.stdin.buffer.read())) as image:
        if image.width * image.height > _MOST_PIXELS:
            return TOO_LARGE
        image.thumbnail((side, side))
        image.convert("RGB").save(sys.stdout.buffer, "JPEG", quality=_NEARLY_LOSSLESS, exif=b"", icc_profile=None)
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
