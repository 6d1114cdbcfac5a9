"""Frames out of a video file, by PyAV or OpenCV, whichever is installed."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

from ..engine import MissingPackage

#: Frames a second of a file that does not tell.
USUAL_RATE = 24.0

#: Number of frames and frames a second of a file → the frames to take.
Choice = Callable[[int, float], list[int]]


def read(path: str, fps: float | None, most: int) -> tuple[list[Any], float]:
    """At most so many frames as PIL images, and how many of them make a second.

    `fps` of each second; None: evenly out of the whole. None at all where the file is no video.
    """
    rates: list[float] = []

    def choose(total: int, rate: float) -> list[int]:
        rate = rate if rate > 0 else USUAL_RATE
        chosen = spread(total, even(total if fps is None else round(total / rate * fps), total, most))
        rates.append(rate * len(chosen) / total if total else rate)
        return chosen

    for package, decode in (("av", _with_av), ("cv2", _with_opencv)):
        try:
            module = importlib.import_module(package)
        except ImportError:
            continue
        return decode(module, path, choose), (rates or [USUAL_RATE])[0]
    raise MissingPackage("av", "av", "PyAV or OpenCV (opencv-python-headless) reads frames out of video files")


def even(wanted: int, total: int, most: int) -> int:
    """An even number of frames where there are two."""
    count = max(min(wanted, total, most), min(2, total, most))
    return count - count % 2 if count > 1 else count


def spread(total: int, count: int) -> list[int]:
    """So many of the numbers below `total`, evenly from the first to the last."""
    if count < 2:
        return list(range(min(count, total)))
    return [round(place * (total - 1) / (count - 1)) for place in range(count)]


def _with_av(av: Any, path: str, choose: Choice) -> list[Any]:
    try:
        container = av.open(path)
    except av.error.FFmpegError:
        return []
    with container:
        stream = container.streams.video[0]
        total = stream.frames
        if total == 0:
            total = sum(1 for _ in container.decode(stream))
            container.seek(0)
        wanted = set(choose(total, float(stream.average_rate or 0)))
        return [frame.to_image() for index, frame in enumerate(container.decode(stream)) if index in wanted]


def _with_opencv(cv2: Any, path: str, choose: Choice) -> list[Any]:
    from PIL import Image

    capture = cv2.VideoCapture(path)
    frames = []
    try:
        total = max(0, int(capture.get(cv2.CAP_PROP_FRAME_COUNT)))
        wanted = set(choose(total, capture.get(cv2.CAP_PROP_FPS)))
        for index in range(total):
            if not capture.grab():
                break
            if index in wanted:
                _, pixels = capture.retrieve()
                frames.append(Image.fromarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB)))
    finally:
        capture.release()
    return frames
