"""Makes an uploaded picture safe to keep: decoded, turned upright, scaled and written anew."""

from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError

LARGEST_UPLOAD_B = 8 * 1024 * 1024
#: More pixels than any phone takes; above it, decoding is an attack.
MOST_PIXELS = 50_000_000
LONGEST_SIDE_PX = 1_600
FORMATS = ("JPEG", "PNG", "WEBP")


class UnusablePhoto(ValueError):
    """The upload is no picture that we keep; `code` is stable."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class CleanPhoto:
    """A JPEG that we wrote ourselves, so that it carries neither place nor camera nor anything
    that hides behind a picture.
    """

    data: bytes
    width: int
    height: int


def cleaned(data: bytes) -> CleanPhoto:
    """The same picture written anew; its type is what decoding finds, whatever its name says.

    Raises UnusablePhoto: `file_too_large`, `not_a_picture`, `too_many_pixels`.
    """
    if len(data) > LARGEST_UPLOAD_B:
        raise UnusablePhoto("file_too_large")
    try:
        with Image.open(BytesIO(data), formats=FORMATS) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise UnusablePhoto("too_many_pixels")
            upright = ImageOps.exif_transpose(picture).convert("RGB")
    except Image.DecompressionBombError as error:
        raise UnusablePhoto("too_many_pixels") from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        if isinstance(error, UnusablePhoto):
            raise
        raise UnusablePhoto("not_a_picture") from error
    upright.thumbnail((LONGEST_SIDE_PX, LONGEST_SIDE_PX))
    written = BytesIO()
    upright.info.clear()
    upright.save(written, "JPEG", quality=82, optimize=True)
    return CleanPhoto(written.getvalue(), upright.width, upright.height)
