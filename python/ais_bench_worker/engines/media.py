"""From the parts of a message to texts, PIL images and frames of videos, as processors of vision models take them."""

from __future__ import annotations

import base64
import binascii
import contextlib
import io
import math
import os
import tempfile
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any

from . import video_files
from .packages import require

#: Longest silence of a server that an image or a video comes from.
DOWNLOAD_TIMEOUT_S = 60

#: Frames stand together in pairs in what Qwen's models see, and AISBench's `total_pixels` counts the pairs.
FRAMES_A_PAIR = 2


@dataclass(frozen=True)
class Limits:
    """AISBench's `vision_kwargs`."""

    #: An image, or a frame, of fewer pixels is enlarged, and one of more is reduced; its proportions stay.
    min_pixels: int | None = None
    max_pixels: int | None = None
    #: The same for all pairs of frames of a video together.
    total_pixels: int | None = None
    #: Frames that are taken out of a second of a video; None: `nframe` are taken out of all of it.
    fps: float | None = 2.0
    #: Most frames that are taken out of a video.
    nframe: int = 128


@dataclass(frozen=True)
class Video:
    #: PIL images.
    frames: list[Any]
    #: Frames a second.
    rate: float


def limits_of(vision_kwargs: dict[str, Any] | None) -> Limits:
    """Raises ValueError where a key is unknown, or a value is no positive number."""
    given = vision_kwargs or {}
    known = [field.name for field in fields(Limits)]
    for key, value in given.items():
        if key not in known:
            raise ValueError(f"vision_kwargs has no {key!r}; there are: {', '.join(known)}")
        if value is not None and (isinstance(value, bool) or not isinstance(value, (int, float)) or value <= 0):
            raise ValueError(f"vision_kwargs.{key} is {value!r}; it is a positive number")
    return Limits(**{key: value for key, value in given.items() if value is not None or key == "fps"})


def parts_of(content: Any, limits: Limits) -> list[Any]:
    """The content of a message in its order: each a text (str), an image (PIL), or a Video.

    Raises ValueError where a part is of another kind or cannot be read, MissingPackage where no package reads it.
    """
    if isinstance(content, str):
        return [content]
    return [_part_of(part, limits) for part in content]


def open_image(url: str, limits: Limits) -> Any:
    """An image in RGB from a path, a `file:`, `data:`, `http:` or `https:` URL, or bare base64."""
    return _fitted(_image(_bytes_of(url), shortened(url)), limits.min_pixels, limits.max_pixels)


def open_video(url: str, limits: Limits) -> Video:
    """A video from where an image may come from; `data:video/jpeg;base64,FRAME,FRAME,…` lists its frames."""
    if url.startswith(("data:video/jpeg", "data:video/png", "data:image/")):
        encoded = url.partition(",")[2].split(",")
        taken = video_files.spread(len(encoded), min(len(encoded), int(limits.nframe)))
        frames = [_image(_from_base64(encoded[index]), f"frame {index} of a video") for index in taken]
        rate = limits.fps or video_files.USUAL_RATE
    else:
        with _local_file(url) as path:
            frames, rate = video_files.read(path, limits.fps, int(limits.nframe))
        if not frames:
            raise ValueError(f"{shortened(url)} is no video that can be read")
    most = _most_pixels_of_a_frame(limits, len(frames))
    first, *others = [_fitted(frame, limits.min_pixels, most) for frame in frames]
    return Video([first, *(frame if frame.size == first.size else frame.resize(first.size) for frame in others)], rate)


def shortened(url: str) -> str:
    return url if len(url) <= 80 else f"{url[:60]}… ({len(url)} characters)"


def _part_of(part: dict[str, Any], limits: Limits) -> Any:
    kind = part.get("type")
    if kind == "text":
        return part["text"]
    if kind == "image_url":
        return open_image(_url_of(part[kind]), limits)
    if kind == "video_url":
        return open_video(_url_of(part[kind]), limits)
    if kind in ("audio_url", "input_audio"):
        raise ValueError("the model is given an audio part, and takes texts, images and videos only")
    raise ValueError(f"a message has a part of type {kind!r}; there are text, image_url and video_url")


def _url_of(given: Any) -> str:
    return given if isinstance(given, str) else given["url"]


def _bytes_of(url: str) -> bytes:
    scheme = url.partition(":")[0].lower()
    if scheme == "data":
        header, _, data = url.partition(",")
        return _from_base64(data) if header.endswith(";base64") else urllib.parse.unquote_to_bytes(data)
    if scheme in ("http", "https"):
        return _download(url)
    path = _path_of(url)
    if path is not None:
        with open(path, "rb") as file:
            return file.read()
    return _from_base64(url)


def _path_of(url: str) -> str | None:
    """The file that is meant; None where it can only be base64. Raises FileNotFoundError."""
    is_url = url.lower().startswith("file:")
    path = urllib.request.url2pathname(urllib.parse.urlsplit(url).path) if is_url else os.path.expanduser(url)
    if os.path.isfile(path):
        return path
    if is_url or not _is_base64(url):
        raise FileNotFoundError(f"there is no file {shortened(path)}")
    return None


def _is_base64(text: str) -> bool:
    try:
        return bool(base64.b64decode(text, validate=True))
    except binascii.Error:
        return False


def _from_base64(text: str) -> bytes:
    try:
        return base64.b64decode(urllib.parse.unquote(text), validate=True)
    except binascii.Error as error:
        raise ValueError(f"{shortened(text)} is no base64: {error}") from error


def _download(url: str) -> bytes:
    try:
        with urllib.request.urlopen(url, timeout=DOWNLOAD_TIMEOUT_S) as reply:
            return reply.read()
    except OSError as error:
        raise ValueError(f"{shortened(url)} cannot be read: {error}") from error


@contextlib.contextmanager
def _local_file(url: str) -> Iterator[str]:
    """A path from which a decoder may read; what was made for it is removed."""
    if url.partition(":")[0].lower() not in ("data", "http", "https"):
        path = _path_of(url)
        if path is not None:
            yield path
            return
    with tempfile.NamedTemporaryFile(suffix=".video") as file:
        file.write(_bytes_of(url))
        file.flush()
        yield file.name


def _image(data: bytes, name: str) -> Any:
    require("PIL", "pillow")
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        image = ImageOps.exif_transpose(Image.open(io.BytesIO(data)))
    except (UnidentifiedImageError, OSError) as error:
        raise ValueError(f"{name} is no image that can be read: {error}") from error
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        image = image.convert("RGBA")
        white = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(white, image)
    return image.convert("RGB")


def _most_pixels_of_a_frame(limits: Limits, frames: int) -> int | None:
    shares = [limits.max_pixels]
    if limits.total_pixels is not None:
        shares.append(int(limits.total_pixels * FRAMES_A_PAIR / frames))
    return min((share for share in shares if share is not None), default=None)


def _fitted(image: Any, least: int | None, most: int | None) -> Any:
    """The image with at least and at most so many pixels, its proportions kept; where both cannot be, at most."""
    pixels = image.width * image.height
    if most is not None and pixels > most:
        return _scaled(image, math.sqrt(most / pixels), math.floor)
    if least is not None and pixels < least <= (most or least):
        return _scaled(image, math.sqrt(least / pixels), math.ceil)
    return image


def _scaled(image: Any, factor: float, rounded: Any) -> Any:
    from PIL import Image

    size = max(1, rounded(image.width * factor)), max(1, rounded(image.height * factor))
    return image.resize(size, Image.Resampling.BICUBIC)
