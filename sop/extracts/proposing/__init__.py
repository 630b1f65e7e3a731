"""Propose which extracts a file feeds, and which of its columns feeds what.

What is known about names stands in synonyms.toml; here stands only how a header is held against it. A name that is
known beats one that ends in a known one, that beats a similar one, and that beats the values; the kind of the values
must fit in any case. What a person must decide carries a question.
"""

from sop.extracts.proposing.proposal import NOTHING, Proposal, Proposed, fingerprint
from sop.extracts.proposing.result import propose

__all__ = ["NOTHING", "Proposal", "Proposed", "fingerprint", "propose"]
