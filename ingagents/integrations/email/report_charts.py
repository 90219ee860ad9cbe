"""The report's two small pictures: the funnel, and a fortnight of sends and answers.

Drawn without a background, in tones that can be read on white and on a dark page alike, because a
mail client changes the page's colours and never a picture's.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

from ingagents.core.reporter import DaySends, Report
from ingagents.core.reporting.funnel import Stage

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw as Pen


class Picture(msgspec.Struct, frozen=True, kw_only=True):
    """A picture on a page; `text` says the same in words."""

    name: str
    png: bytes
    text: str


_SCALE = 2
"""Pixels drawn for each pixel of the page: sharp on screens of twice the density."""

_WIDTH, _ROW, _GAP = 592, 22, 8
_LEFT, _RIGHT = 84, 64
_TALL = 96
_INK = "#7a8699"
_BLUE = "#4f7de0"
_GREEN = "#2f9e6e"


def chart_pictures(report: Report) -> tuple[Picture, ...]:
    """Both pictures as PNG, with the same figures in words. Takes some 30 ms of processor."""
    pictures = [Picture(name="funnel", png=_funnel(report.funnel), text=funnel_in_words(report))]
    if report.fortnight:
        words = fortnight_in_words(report)
        pictures.append(Picture(name="fortnight", png=_fortnight(report.fortnight), text=words))
    return tuple(pictures)


def funnel_in_words(report: Report) -> str:
    """`found 97, contacted 42, answered 9, positive 3`."""
    return ", ".join(f"{stage.label} {stage.people}" for stage in report.funnel)


def fortnight_in_words(report: Report) -> str:
    """How many were written to and how many answered in the days shown, most at the busiest."""
    days = report.fortnight
    sent, answered = sum(day.sent for day in days), sum(day.answered for day in days)
    most = max((day.sent for day in days), default=0)
    return f"{len(days)} days: {sent} sent (at most {most} a day), {answered} answered"


def _funnel(stages: Sequence[Stage]) -> bytes:
    height = len(stages) * (_ROW + _GAP)
    canvas = _Canvas(_WIDTH, height)
    widest = max(1, *(stage.people for stage in stages))
    room = _WIDTH - _LEFT - _RIGHT
    for index, stage in enumerate(stages):
        top = index * (_ROW + _GAP)
        last = index == len(stages) - 1
        length = room * stage.people / widest
        if stage.people:
            canvas.bar(_LEFT, top, _LEFT + length, top + _ROW, _GREEN if last else _BLUE)
        canvas.text(_LEFT - 8, top + _ROW / 2, stage.label, anchor="rm")
        canvas.text(_LEFT + length + 8, top + _ROW / 2, str(stage.people), anchor="lm")
    return canvas.png()


def _fortnight(days: Sequence[DaySends]) -> bytes:
    foot, head = 20, 30
    canvas = _Canvas(_WIDTH, head + _TALL + foot)
    highest = max(1, *(max(day.sent, day.answered) for day in days))
    base, step = head + _TALL, _WIDTH / len(days)
    canvas.key(0, "sent", _BLUE)
    canvas.key(70, "answered", _GREEN)
    for index, day in enumerate(days):
        left = index * step
        for count, colour, place in ((day.sent, _BLUE, 0.16), (day.answered, _GREEN, 0.52)):
            x = left + step * place
            top = base - _TALL * count / highest
            if count:
                canvas.bar(x, min(top, base - 2), x + step * 0.3, base, colour)
                canvas.text(x + step * 0.15, top - 2, str(count), anchor="md", size=10)
        canvas.text(left + step / 2, base + 5, f"{day.day.day}.{day.day.month}.", anchor="mt")
    canvas.line(0, base, _WIDTH)
    return canvas.png()


class _Canvas:
    """A transparent sheet measured in the page's pixels."""

    def __init__(self, width: float, height: float) -> None:
        from PIL import Image, ImageDraw

        self._image = Image.new("RGBA", (round(width * _SCALE), round(height * _SCALE)))
        self._pen: Pen = ImageDraw.Draw(self._image)

    def bar(self, left: float, top: float, right: float, bottom: float, colour: str) -> None:
        """A filled bar with slightly rounded corners."""
        box = [part * _SCALE for part in (left, top, max(right, left + 1), max(bottom, top + 1))]
        self._pen.rounded_rectangle(box, radius=2 * _SCALE, fill=colour)

    def line(self, left: float, y: float, right: float) -> None:
        """A thin level line."""
        box = [part * _SCALE for part in (left, y, right, y)]
        self._pen.line(box, fill=_INK, width=_SCALE // 2 or 1)

    def text(self, x: float, y: float, words: str, *, anchor: str, size: float = 12) -> None:
        """Words held at an anchor (horizontal then vertical, as Pillow names them)."""
        from PIL import ImageFont

        font = ImageFont.load_default(size * _SCALE)
        self._pen.text((x * _SCALE, y * _SCALE), words, fill=_INK, font=font, anchor=anchor)

    def key(self, left: float, words: str, colour: str) -> None:
        """What a colour means."""
        self.bar(left, 3, left + 10, 13, colour)
        self.text(left + 15, 8, words, anchor="lm")

    def png(self) -> bytes:
        """The sheet as a file."""
        file = io.BytesIO()
        self._image.save(file, format="PNG", optimize=True)
        return file.getvalue()
