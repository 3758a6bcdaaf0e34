"""Every word that a template shows goes through translation."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

CLOUD = Path(__file__).resolve().parents[2] / "src" / "nearmade" / "cloud"
TEMPLATES = sorted(
    path
    for folder in ("pages/templates", "templates")
    for path in (CLOUD / folder).rglob("*.html")
)
#: Names, units and signs that are the same in every language.
SAME_EVERYWHERE = re.compile(
    r"Nearmade|CO₂e|kWh|Wh|km²|mm²|mm³|cm³|[kmcµ]?[gmWJ]\b|USD|EUR|STL|3MF|OBJ|JSON|"
    r"CSV|H3|UTC|SHA-256|"
    r"&[a-z]+;|\bto\b(?=\s*$)"
)
SEEN_ATTRIBUTES = re.compile(
    r'\b(?:title|placeholder|aria-label|alt|aria-description)="([^"]*)"'
)
NOT_SHOWN = [
    re.compile(r"{% comment %}.*?{% endcomment %}", re.DOTALL),
    re.compile(r"{#.*?#}", re.DOTALL),
    re.compile(r"{% blocktranslate.*?{% endblocktranslate %}", re.DOTALL),
    re.compile(r"<(script|style|svg\b(?=[^>]*aria-hidden)).*?</\1>", re.DOTALL),
]
TAG = re.compile(r"<[^<>]*>", re.DOTALL)
CODE = re.compile(r"{%.*?%}|{{.*?}}", re.DOTALL)


def bare_words(text: str) -> list[str]:
    """Give the words of a template that no translation knows."""
    for pattern in NOT_SHOWN:
        text = pattern.sub(" ", text)
    # a value of code may hold quotes and angles: it goes before tags are read
    text = CODE.sub("\0", text)
    attributes = SEEN_ATTRIBUTES.findall(text)
    shown = [*attributes, *TAG.sub("\n", text).split("\n")]
    left = (SAME_EVERYWHERE.sub("", each.replace("\0", " ")).strip() for each in shown)
    return [each for each in left if re.search(r"[A-Za-z]{2,}", each)]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_a_template_shows_no_word_untranslated(path: Path) -> None:
    assert bare_words(path.read_text(encoding="utf-8")) == []


def test_a_word_left_bare_is_found() -> None:
    assert bare_words("<p>Hello</p>") == ["Hello"]
    assert bare_words('<a title="Hello">{% translate "x" %}</a>') == ["Hello"]
    assert bare_words('<p>{% translate "Hello" %} {{ n }} km</p>') == []
