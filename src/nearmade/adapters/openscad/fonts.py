"""Which fonts ``text()`` gets, and which signs they can write."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

#: Family that is used where a design names none, or one that is not there.
DEFAULT_FAMILY = "DejaVu Sans"

#: A sign that no font has, drawn as the box for what is missing.
_NOT_A_CHARACTER = "\uffff"


def font_files(folder: Path | None) -> tuple[Path, ...]:
    """Give the TrueType files of a folder, those with many signs only.

    DejaVu Math TeX Gyre is left out: fontconfig would take it as the first choice, and
    it has neither Cyrillic nor Greek text.
    """
    if folder is None:
        return ()
    found = folder.glob("*.ttf")
    return tuple(sorted(file for file in found if "Math" not in file.name))


def fonts_conf(folder: str) -> str:
    """Write the configuration that makes fontconfig use one folder."""
    return (
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        f"<dir>{folder}</dir><cachedir>/tmp/fontconfig</cachedir>"
        '<match target="pattern"><edit name="family" mode="append_last">'
        f"<string>{DEFAULT_FAMILY}</string></edit></match></fontconfig>"
    )


def missing_sign(texts: Iterable[str], fonts: Sequence[Path]) -> str:
    """Give the first sign that no font can write; empty when all can be written.

    OpenSCAD draws a box for such a sign and says nothing.
    """
    signs = sorted({sign for text in texts for sign in text if not sign.isascii()})
    if not signs or not fonts:
        return ""
    from PIL import ImageFont

    plain = next((font for font in fonts if font.name == "DejaVuSans.ttf"), fonts[0])
    face = ImageFont.truetype(str(plain), size=40)
    box = bytes(face.getmask(_NOT_A_CHARACTER))
    for sign in signs:
        if bytes(face.getmask(sign)) == box:
            return sign
    return ""
