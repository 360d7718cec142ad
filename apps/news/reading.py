"""How long a text is and how long it takes to read.

Words per minute: the averages that Trauzettel-Klosinski and Dietz measured with the International Reading Speed Texts
(IReST, 2012): 138 in Arabic, 228 in English.
"""

import math

from apps.core.richtext import plain

WORDS_PER_MINUTE = {"ar": 138, "en": 228}
_OTHERWISE = 180


def words(html: str) -> int:
    return len(plain(html).split())


def minutes(html: str, language: str) -> int:
    """At least one."""
    return max(1, math.ceil(words(html) / WORDS_PER_MINUTE.get(language, _OTHERWISE)))
