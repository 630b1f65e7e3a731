"""How names are compared: without case, blanks, punctuation and accents."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable, Mapping


@functools.lru_cache(maxsize=20_000)  # a header of ten thousand names is asked for the words of each some twenty times
def words(name: str) -> tuple[str, ...]:
    """The words of a name without case, accents and punctuation; `orderLineNumber` has three, `Amount__c` one."""
    text = re.sub(r"__[A-Za-z]$", "", name.strip().replace("ß", "ss"))
    text = unicodedata.normalize("NFKD", text)
    text = "".join(sign for sign in text if not unicodedata.combining(sign) and unicodedata.category(sign) != "Cf")
    text = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", text)
    return tuple(word.lower() for word in re.split(r"[\W_]+", text) if word)


def key(name: str) -> str:
    """What is left of a name when it is compared; ä, ae and a are the same."""
    return joined_words(words(name))


def long_words(name: str, long: Mapping[str, str]) -> list[str]:
    """The words of a name with short ones such as `Qty` written out."""
    return [_whole_number(long.get(word, word).replace(" ", "")) for word in words(name.replace("#", " number "))]


def _whole_number(word: str) -> str:
    """`kundennr` and `kundennummer` as `kundennumber`, so that both are `Kd.-Nr.` too."""
    return re.sub(r"(?<=\w{3})(nummer|nr)$", "number", word)


def written_out(name: str, long: Mapping[str, str]) -> str:
    """The key with words such as `Qty` and `#` written out."""
    return joined_words(long_words(name, long))


def reordered(name: str, long: Mapping[str, str]) -> str:
    """The written-out words in the order of the alphabet: `Quantity Ordered` is `Ordered Quantity`."""
    return " ".join(sorted(long_words(name, long)))


def joined_words(parts: Iterable[str]) -> str:
    """The words as one; ä, ae and a are the same."""
    return re.sub(r"([aou])e", r"\1", "".join(parts))
