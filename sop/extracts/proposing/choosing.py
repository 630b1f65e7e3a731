"""Which column feeds what: one source for each logical column of an extract, with what else could be meant."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sop.extracts.contract import Extract, extracts
from sop.extracts.mapping import ColumnSource
from sop.extracts.proposing.arithmetic import by_arithmetic
from sop.extracts.proposing.header import LEAST_OPTIONAL, MASTERS, Header, Hit, meaning_of, shown
from sop.extracts.proposing.proposal import NOTHING, Proposed
from sop.extracts.proposing.reading import DECORATED, DOUBTFUL, VALUES
from sop.extracts.proposing.vocabulary import Doubt, StandIn, Target, vocabulary
from sop.extracts.proposing.written import ORDERED_ON, feed, says_unit

if TYPE_CHECKING:
    from sop.extracts.sniffing import SniffedColumn

INHERITED = ("order_id", "line_number", "customer_id", "product_id", "work_centre_id")
"""Columns that mean the same in every extract the file feeds."""

NAME_OF = {"customer_name": "customer_id", "product_name": "product_id", "work_centre_name": "work_centre_id"}
"""Names that may come from the same source column as the id."""

AMOUNT, COUNTED, EVERYWHERE = 0.7, 0.48, 0.3
"""How sure a price is that follows from an amount, a date counted from the order, and a value that is the same in every row."""

ALWAYS_ASKED = ("customer_id", "available_hours", "hours_per_unit")
"""Columns of which a plain name such as `Name` or `Value` says too little."""

WELL_FOUNDED = 0.5
"""A stand-in at least as sure as this is shown, not asked."""


@dataclass(frozen=True)
class _Asked:
    """A question about a column, and what else it may feed."""

    source: str
    question: str
    could_feed: tuple[Target, ...] = ()


class Choice:
    """Chooses a source column for each logical column of one extract."""

    def __init__(self, header: Header, extract: str, inherited: Mapping[str, Proposed] | None = None) -> None:
        self.header = header
        self.extract: Extract = extracts()[extract]
        self.is_subject = inherited is None
        self.elsewhere = frozenset(_doubted(inherited or {}))
        self.made_up: dict[str, Hit] = {}
        self.from_plain: set[str] = set()
        self.constants: dict[str, StandIn] = {}
        for name, proposed in (inherited or {}).items():
            if name in INHERITED and name in self.extract.column_names and proposed.source_name is not None:
                target = (extract, name)
                self.made_up[name] = Hit(proposed.source_name, target, proposed.confidence, 0, proposed.why)

    def made(self) -> dict[str, Proposed]:
        """The proposal per logical column, with what else could be meant and what must be asked."""
        self._take(self._firm_hits())
        for name in self._must_have():
            if name in self._wanted():
                self._guess(name)
        if set(self._wanted()) - self.constants.keys():
            self.constants.clear()  # with another column missing, the file is no such extract or has a second half
        self._take(self._listed_guesses())
        if "quantity" in self.made_up or "quantity" in self.constants:
            self._take(self._amounts())
        return {name: self._finished(name) for name in self.extract.column_names}

    def _firm_hits(self) -> list[Hit]:
        hits = [hit for name in self.extract.column_names for hit in self.header.firm((self.extract.name, name))]
        if self.is_subject:
            hits += self.header.plain_hits(self.extract.name)
        return by_arithmetic(self.header, [hit for hit in hits if self._is_sure_enough(hit)])

    def _is_sure_enough(self, hit: Hit) -> bool:
        return hit.target[1] in self._must_have() or hit.score >= LEAST_OPTIONAL or hit.score == VALUES

    def _must_have(self) -> tuple[str, ...]:
        dates = ("delivered_date", "shipped_date") if self.extract.name == "deliveries" else ()
        return (*self.extract.required, *dates)

    def _wanted(self) -> list[str]:
        """Required columns without a source; one date is enough for a delivery."""
        has_date = self.made_up.keys() & {"delivered_date", "shipped_date"}
        return [
            name
            for name in self._must_have()
            if name not in self.made_up and not (has_date and name in ("delivered_date", "shipped_date"))
        ]

    def _doubtful_hits(self, name: str) -> list[Hit]:
        hits = self.header.hits((self.extract.name, name))
        return [hit for hit in hits if hit.is_doubtful and hit.source not in self.elsewhere]

    def _listed_guesses(self) -> list[Hit]:
        """Doubtful hits that are proposed beside their question although nothing needs them."""
        hits = [hit for name in self.extract.column_names for hit in self._doubtful_hits(name)]
        return [hit for hit in hits if hit.is_guess]

    def _doubt(self, source: str) -> Doubt:
        return vocabulary().doubts[self.header.reading(source).name]

    def _take(self, hits: list[Hit]) -> None:
        """Give each logical column the best hit left; a source is given once, but for an id that is also the name."""
        order, required = self.extract.column_names, self.extract.required
        own = [hit for hit in hits if hit.target[1] in order]
        own.sort(key=lambda hit: (-hit.score, hit.target[1] not in required, order.index(hit.target[1]), hit.rank))
        for hit in own:
            name = hit.target[1]
            if name not in self.made_up and self._is_free(hit.source, name):
                self.made_up[name] = hit
                if hit.is_plain and hit.score < DECORATED:
                    self.from_plain.add(name)

    def _is_free(self, source: str, name: str) -> bool:
        return all(held.source != source or NAME_OF.get(name) == other for other, held in self.made_up.items())

    def _guess(self, name: str) -> None:
        """Fill a required column from a doubtful name, or from what may stand in for it."""
        doubtful = [
            hit
            for hit in self._doubtful_hits(name)
            if hit.is_guess or (self.is_subject and not self._belongs_elsewhere(hit.source))
        ]
        doubtful = [hit for hit in doubtful if self._first_meaning(hit.source) in (None, name)]
        for hit in sorted((*doubtful, *self._days(name), *self._stand_ins(name)), key=lambda hit: -hit.score):
            holder = next((other for other, held in self.made_up.items() if held.source == hit.source), None)
            gives_up = holder is not None and hit.target == (self.extract.name, holder) and holder != name
            if gives_up or self._is_free(hit.source, name):
                if holder is not None and gives_up:
                    del self.made_up[holder]
                self.made_up[name] = hit
                return
        stand_in = vocabulary().stand_in((self.extract.name, name))
        target = (self.extract.name, name)
        if stand_in and stand_in.constant is not None and self.is_subject and not self.header.misfits(target):
            self.constants[name] = stand_in

    def _first_meaning(self, source: str) -> str | None:
        """Which of the columns still wanted a doubtful name means most likely, as its list of meanings says."""
        wanted = self._wanted()
        meanings = (name for extract, name in self._doubt(source).meanings if extract == self.extract.name)
        return next((name for name in meanings if name in wanted), None)

    def _belongs_elsewhere(self, source: str) -> bool:
        """True for a doubtful column that is rather guessed to feed an extract beside this one, as `Ship Date`."""
        beside = vocabulary().feeds_also.get(self.extract.name, ())
        return any(extract in beside for extract, _ in self._doubt(source).guess) and not self._is_kept_back(source)

    def _amounts(self) -> list[Hit]:
        """Amounts of the whole row, from which the price of one unit follows where no column states it."""
        target = (self.extract.name, "unit_price")
        return [
            Hit(reading.column.name, target, AMOUNT, 0, f"{reading.why}, which {aside.because.split(';')[0]}")
            for reading, aside in self.header.asides(target)
            if aside.kind == "amount" and self.header.fits(target, reading) and self.is_subject
        ]

    def _days(self, name: str) -> Iterator[Hit]:
        """A count of days after the order, where a required date is nowhere to be found."""
        target = (self.extract.name, name)
        if not self.header.firm(ORDERED_ON) and "order_date" not in self.made_up:
            return
        for reading, aside in self.header.asides(target):
            if aside.kind == "days" and aside.question and reading.column.kind == "number":
                question = aside.question.format(source=repr(reading.column.name)) + shown(reading.column)
                yield Hit(reading.column.name, target, COUNTED, 0, reading.why, question)

    def _is_kept_back(self, source: str) -> bool:
        return bool(self._doubt(source).unless & self.header.names)

    def _stand_ins(self, name: str) -> Iterator[Hit]:
        """Columns that may stand in for a logical column; their target stays what they are named for."""
        stand_in = vocabulary().stand_in((self.extract.name, name))
        if stand_in is None:
            return
        plain = list(self.header.plain_hits(self.extract.name)) if self.is_subject else []
        is_certain = self.extract.name == "deliveries" and self.is_subject
        may_be_another = self.header.has_unknown(stand_in.asked_beside, (self.extract.name, name))
        for target, sure in stand_in.sources:
            for hit in (*self.header.firm(target), *(hit for hit in plain if hit.target == target)):
                column = self.header.columns[hit.source]
                is_shaky = sure < WELL_FOUNDED or hit.is_plain or _is_repeated_key(self.extract, name, column)
                is_open = may_be_another or (is_shaky and not is_certain)
                question = stand_in.question.format(source=repr(hit.source)) + shown(column)
                why = f"{hit.why}; nothing else in the file is {meaning_of((self.extract.name, name))}"
                score = DECORATED if is_certain else sure
                yield replace(hit, score=score, why=why, question=question if is_open else None)

    def _finished(self, name: str) -> Proposed:
        target = (self.extract.name, name)
        hit = self.made_up.get(name)
        if hit is None:
            return self._everywhere(target) if name in self.constants else self._unfed(target)
        fed = feed(self.header, target, hit.source)
        is_settled = fed.is_settled and hit.is_doubtful and self._doubt(hit.source).is_settled_by_unit
        asked = [hit.question] if hit.question and not is_settled else []
        asked += self._plain_question(name, hit.source)
        reading = self.header.reading(hit.source)
        if reading.is_similar and not hit.is_doubtful:
            asked.append(f"{reading.why}. Is it {meaning_of(target)}?{shown(reading.column)}")
        questions = [*asked, fed.question] if fed.question else asked
        options = (*fed.readings, *self._others_as_options(target, hit.source), NOTHING) if asked else fed.options
        return Proposed(
            *target,
            fed.source,
            round(hit.score, 2),
            f"{hit.why}{fed.remark}",
            alternatives=self._alternatives(target, hit.source),
            question=" ".join(questions) or None,
            samples=self.header.columns[hit.source].samples,
            options=options,
            could_feed=self._could_feed(hit) if asked else (),
        )

    def _everywhere(self, target: Target) -> Proposed:
        """A required column that no column feeds, and that may be the same in every row."""
        stand_in = self.constants[target[1]]
        source = ColumnSource(constant=stand_in.constant)
        return Proposed(
            *target, source, EVERYWHERE, "no column says it", question=stand_in.constant_question, options=(source, NOTHING)
        )  # fmt: skip

    def _unfed(self, target: Target) -> Proposed:
        asked = self._open_questions(target)
        sources = [feed(self.header, target, each.source) for each in asked]
        return Proposed(
            *target,
            None,
            0.0,
            "nothing in the header speaks for it",
            alternatives=self._alternatives(target, None),
            question=" ".join(each.question for each in asked) or None,
            samples=self.header.columns[asked[0].source].samples if asked else (),
            options=(NOTHING, *(reading for each in sources for reading in each.readings)) if asked else (),
            could_feed=tuple(dict.fromkeys(other for each in asked for other in each.could_feed)),
        )

    def _others_as_options(self, target: Target, source: str) -> Iterator[ColumnSource]:
        for other in self._alternatives(target, source):
            yield from feed(self.header, target, other).readings

    def _could_feed(self, hit: Hit) -> tuple[Target, ...]:
        if not hit.is_doubtful:
            return ()
        return tuple(target for target in self._doubt(hit.source).meanings if target != hit.target)

    def _plain_question(self, name: str, source: str) -> list[str]:
        """Asked where a plain name could as well mean something else: another column that nothing feeds, or no hours."""
        if self._may_be_own_number(name, source):
            return [f"{source!r} can be the number of the order or of the delivery itself. Is it the order?"]
        if name not in self.from_plain or self.extract.name in MASTERS:
            return []
        if name in ALWAYS_ASKED and not says_unit(source):
            return [f"The header only says {source!r}. Is it {meaning_of((self.extract.name, name))}?"]
        meanings = self.header.plain_meanings(self.header.reading(source), self.extract.name)
        others = {meaning.target[1] for meaning in meanings} - {name} - self.made_up.keys()
        if not others & set(self.extract.column_names):
            return []
        return [f"The header only says {source!r}. Is it {meaning_of((self.extract.name, name))}?"]

    def _may_be_own_number(self, name: str, source: str) -> bool:
        """True for a number of an order that is as well what a delivery calls itself, where nothing else is that."""
        if (self.extract.name, name) != ("deliveries", "order_id") or not self.is_subject or name in self.from_plain:
            return False
        meanings = self.header.plain_meanings(self.header.reading(source), "deliveries")
        return "delivery_id" not in self.made_up and any(one.target[1] == "delivery_id" for one in meanings)

    def _alternatives(self, target: Target, source: str | None) -> tuple[str, ...]:
        others = [hit.source for hit in self.header.hits(target)]
        if self.is_subject:
            others += [hit.source for hit in self.header.plain_hits(self.extract.name) if hit.target == target]
        others += [
            reading.column.name for reading, _ in self.header.asides(target) if self.header.fits(target, reading)
        ]
        return tuple(dict.fromkeys(other for other in others if other != source))

    def _open_questions(self, target: Target) -> list[_Asked]:
        """What is asked about a column without a source: doubtful names that nothing else has taken."""
        taken = {held.source for held in self.made_up.values()} | self.elsewhere
        asked = [
            _Asked(hit.source, hit.question, self._could_feed(hit))
            for hit in self._doubtful_hits(target[1])
            if hit.question
            and hit.source not in taken
            and (not self._doubt(hit.source).guess or self._is_kept_back(hit.source))
        ]
        weighted = [
            _Asked(reading.column.name, aside.question.format(source=repr(reading.column.name)) + shown(reading.column))
            for reading, aside in self.header.asides(target)
            if aside.question
        ]
        return [*asked, *weighted]


def _is_repeated_key(extract: Extract, name: str, column: SniffedColumn) -> bool:
    """True where the column is the extract's whole key and has a value twice."""
    return extract.key == (name,) and column.distinct_share < 1


def _doubted(chosen: Mapping[str, Proposed]) -> Iterator[str]:
    """Sources with a doubtful name that already feed something."""
    for proposed in chosen.values():
        if proposed.source_name is not None and proposed.confidence <= DOUBTFUL:
            yield proposed.source_name


def further(header: Header, extract: str, main: Mapping[str, Proposed]) -> dict[str, Proposed] | None:
    """What the file tells about another extract beside its rows' own; None where that is no more than a number."""
    choice = Choice(header, extract, main)
    if extract in MASTERS:
        return _master(header, choice, extract)
    made = choice.made()
    if not (made["delivered_date"].source or made["shipped_date"].source):
        return None
    ordered = main["quantity"].source if "quantity" in main else None
    if made["quantity"].source is None and ordered is not None and ordered.constant is not None:
        made["quantity"] = Proposed(extract, "quantity", ordered, WELL_FOUNDED, "what was ordered was delivered")
    if made["line_number"].source:
        made["product_id"] = Proposed(extract, "product_id", None, 0.0, "the line number names the line")
    return made


def _master(header: Header, choice: Choice, extract: str) -> dict[str, Proposed] | None:
    id_column = extracts()[extract].key[0]
    name_column = next(name for name, of in NAME_OF.items() if of == id_column)
    made = choice.made()
    id_source = made[id_column].source_name
    if id_source is None:
        return None
    if made[name_column].source is None and _are_names(header.columns[id_source]):
        made[name_column] = replace(
            made[id_column], column=name_column, question=None, options=(), could_feed=(), alternatives=()
        )
    return made if made[name_column].source else None


def _are_names(column: SniffedColumn) -> bool:
    """True where most of the values are words that people say, not codes."""
    named = [sample for sample in column.samples if re.search(r"[^\W\d_]{2,}", sample) and not sample.isupper()]
    return len(named) * 2 > len(column.samples)
