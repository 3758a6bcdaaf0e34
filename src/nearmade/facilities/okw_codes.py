"""Codes of languages that OKW records hold, and the code that is meant by a name.

References
----------
ISO 639-1, BCP 47 for the shape of language tags.
"""

from __future__ import annotations

import re
from typing import Final

from nearmade.vocabulary.countries import country_meant

_CODES: Final = """
    aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr
    cs cu cv cy da de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu
    gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk
    kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms
    mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro
    ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl
    tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu
"""

_LANGUAGES: Final = frozenset(_CODES.split())

#: English and own names of languages that are often written out.
_LANGUAGE_NAMES: Final = {
    "english": "en", "french": "fr", "français": "fr", "francais": "fr",
    "german": "de", "deutsch": "de", "spanish": "es", "español": "es",
    "espanol": "es", "portuguese": "pt", "português": "pt", "italian": "it",
    "italiano": "it", "dutch": "nl", "nederlands": "nl", "arabic": "ar",
    "swahili": "sw", "kiswahili": "sw", "hindi": "hi", "chinese": "zh",
    "mandarin": "zh", "japanese": "ja", "korean": "ko", "russian": "ru",
    "turkish": "tr", "polish": "pl", "swedish": "sv", "danish": "da",
    "norwegian": "no", "finnish": "fi", "greek": "el", "czech": "cs",
    "hungarian": "hu", "romanian": "ro", "ukrainian": "uk", "indonesian": "id",
    "vietnamese": "vi", "thai": "th", "bengali": "bn", "amharic": "am",
    "tagalog": "tl", "catalan": "ca", "luganda": "lg", "nepali": "ne",
    "jp": "ja", "cn": "zh", "gr": "el", "dk": "da", "cz": "cs", "se": "sv",
}  # fmt: skip

_TAG: Final = re.compile(
    r"[a-z]{2,3}(-[a-z]{4})?(-([a-z]{2}|[0-9]{3}))?(-[a-z0-9]{5,8})*", re.IGNORECASE
)


def language_meant(text: str) -> str:
    """Give the language tag that a text names, or nothing where none is known.

    A tag of the right shape whose language is in ISO 639-1, or that has three letters
    as those of ISO 639-2 and 639-3 do, is given back as it is.
    """
    tag = text.strip().replace("_", "-")
    first, _, rest = tag.partition("-")
    if len(tag) <= 35 and _TAG.fullmatch(tag):
        if first.casefold() in _LANGUAGES or len(first) == 3:
            return tag
        known = _LANGUAGE_NAMES.get(first.casefold(), "")
        return f"{known}-{rest}" if known and rest else known
    known = _LANGUAGE_NAMES.get(first.strip().casefold(), "")
    if known and country_meant(rest):
        return f"{known}-{country_meant(rest)}"
    return known
