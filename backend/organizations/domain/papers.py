"""What an uploaded paper really is: judged by its content, never by its name."""

from dataclasses import dataclass
from io import BytesIO

from PIL import Image, UnidentifiedImageError

LARGEST_BYTES = 5 * 1024 * 1024
MOST_PIXELS = 40_000_000
PDF_START = b"%PDF-"
#: Extension by the format that Pillow recognises.
IMAGES = {"JPEG": "jpg", "PNG": "png"}
NAME_LENGTH = 120


class BadPaper(Exception):
    """The content is not a paper that we take; `code` says why."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class Paper:
    """Content fit for keeping, with the extension of what it is."""

    content: bytes
    extension: str


def examined(content: bytes) -> Paper:
    """A PDF as it is, or a JPEG or PNG drawn anew, which drops hidden data such as positions.

    Raises BadPaper: `empty`, `too_large` (LARGEST_BYTES, MOST_PIXELS), `unknown_type`.
    """
    if not content:
        raise BadPaper("empty")
    if len(content) > LARGEST_BYTES:
        raise BadPaper("too_large")
    if content.startswith(PDF_START) and b"%%EOF" in content[-2048:]:
        return Paper(content, "pdf")
    return _redrawn(content)


def plain_name(name: str) -> str:
    """The last part of a file's name without control characters, cut to what is stored."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(char for char in last if char.isprintable()).strip()[-NAME_LENGTH:] or "paper"


def _redrawn(content: bytes) -> Paper:
    try:
        with Image.open(BytesIO(content), formats=list(IMAGES)) as image:
            kind = image.format or ""
            if image.width * image.height > MOST_PIXELS:
                raise BadPaper("too_large")
            image.load()
            drawn = BytesIO()
            pixels = Image.frombytes(image.mode, image.size, image.tobytes())
            if image.mode == "P" and (palette := image.getpalette()):
                pixels.putpalette(palette)
            pixels.save(drawn, format=kind)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise BadPaper("unknown_type") from error
    except Image.DecompressionBombError as error:
        raise BadPaper("too_large") from error
    return Paper(drawn.getvalue(), IMAGES[kind])
