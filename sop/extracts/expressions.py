"""Each logical column as SQL over the text cells of a source file: its text, its typed value, and when it is wrong.

What a mapping says is never part of the SQL: it is handed over as parameters. TRY_CAST is generous (`1e3`, `1_000`,
`infinity` pass), so what it takes is looked at as well; a cell that it does not take may still be a number that is
dressed up, as `€ 1 200,50-` or `(3)`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sop.errors import MappingError
from sop.extracts.contract import CLOSED_LISTS, Column, Extract, extracts
from sop.extracts.mapping import (
    CLOCK,
    EXCEL_SERIAL,
    ISO_WEEK,
    JDE,
    ColumnSource,
    FileMapping,
    is_number,
    with_fallbacks,
)
from sop.extracts.proposing.vocabulary import vocabulary

FIRST_YEAR, LAST_YEAR = 1950, 2149
"""A date outside is a slip of the pen or a spreadsheet's 00/01/1900."""

SHARES = ("probability", "promise_target", "quantity_tolerance")
"""Columns from 0 to 1, where a cell may say per cent."""

HOURS = {"minutes": 60, "seconds": 3600}
DAYS_OF_A_MONTH = {"days": 30.4375, "weeks": 30.4375 / 7}
"""How many of a unit are one month on average."""

BLANKS = " \u00a0\u202f"
CURRENCIES = (
    "€|\\$|£|¥|₹|₽|zł|US\\$|[Kk]r\\.?|Fr\\.?|Rs\\.?|EUR|USD|GBP|CHF|JPY|CNY|INR|SEK|NOK|DKK|PLN|CZK|HUF|RON|TRY|ZAR|BRL|MXN|"
    "CAD|AUD|NZD|SGD|HKD|KRW|AED|SAR|ILS|THB|RUB"
)
INVISIBLE = "[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
"""Signs that nobody sees, and by which two numbers that look the same would differ."""
ODD_BLANKS = "[\t\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]"
"""Signs that look like a blank and are none, by which they would differ too."""

MONTHS = {
    word: number
    for number, words in enumerate(
        (
            "jan january jän jänner januar janv janvier ene enero gen gennaio januari",
            "feb february februar feber févr février fév febrero febbraio februari",
            "mar march mär mrz märz maerz mars marzo maart mrt",
            "apr april avr avril abr abril aprile",
            "may mai mayo mag maggio mei",
            "jun june juni juin junio giu giugno",
            "jul july juli juil juillet julio lug luglio",
            "aug august août aout ago agosto augustus",
            "sep sept september septembre septiembre set settembre",
            "oct october okt oktober octobre octubre ott ottobre",
            "nov november novembre noviembre",
            "dec december dez dezember déc décembre dic diciembre dicembre",
        ),
        start=1,
    )
    for word in words.split()
}
"""Names of months, whole and short, in English, German, French, Spanish, Italian and Dutch."""


@dataclass(frozen=True)
class Expression:
    """A logical column as SQL: its text, its typed value, a condition under which it is wrong, and what is said then."""

    column: Column
    text: str
    value: str
    is_wrong: str
    wrong: str
    value_of_text: str
    """The value over the text under the name `text_<column>`, so that the text is worked out once."""
    is_wrong_value: str
    """The condition over that text and the value under the name `value_<column>`."""


class Reading:
    """The logical columns of one extract as a mapping reads them from a file with a certain header."""

    def __init__(
        self,
        extract: Extract,
        mapping: FileMapping,
        header: Sequence[str],
        *,
        is_damaged: bool = False,
        is_veiled: bool = False,
        is_padded: bool = True,
    ) -> None:
        self.extract, self.mapping, self.header = extract, mapping, list(header)
        self.is_damaged, self.is_veiled, self.is_padded = is_damaged, is_veiled, is_padded
        self.parameters: dict[str, object] = {"empty_words": list(mapping.empty)}
        tried = with_fallbacks(extract.name, mapping.extracts[extract.name])
        self.expressions = tuple(
            self._expression(column, tried[column.name]) for column in extract.columns if column.name in tried
        )

    def used(self, sql: str) -> dict[str, object]:
        """The parameters that a text of SQL names; DuckDB refuses others."""
        named = set(re.findall(r"\$(\w+)", sql))
        return {name: value for name, value in self.parameters.items() if name in named}

    def _parameter(self, kind: str, value: object) -> str:
        """The name of a parameter that holds a value; equal values share one."""
        for name, known in self.parameters.items():
            if name.startswith(f"{kind}_") and known == value:
                return f"${name}"
        name = f"{kind}_{len(self.parameters)}"
        self.parameters[name] = value
        return f"${name}"

    def _expression(self, column: Column, tried: Sequence[ColumnSource]) -> Expression:
        texts = [self._text(column, source) for source in tried]
        text = texts[0] if len(texts) == 1 else f"coalesce({', '.join(texts)})"
        value, is_wrong, wrong = self._typed_or_missing(column, text, tried[0])
        name = column.name
        value_of_text, is_wrong_value, _ = self._typed_or_missing(column, f"text_{name}", tried[0], f"value_{name}")
        return Expression(column, text, value, is_wrong, wrong, value_of_text, is_wrong_value)

    def _typed_or_missing(
        self, column: Column, text: str, source: ColumnSource, known: str | None = None
    ) -> tuple[str, str, str]:
        value, is_wrong, wrong = self._typed(column, text, source, known)
        if column.is_required:
            is_wrong = f"({text} is null or {is_wrong})" if is_wrong != "false" else f"{text} is null"
        return value, is_wrong, wrong

    def _text(self, column: Column, source: ColumnSource) -> str:
        if source.constant is not None:
            return f"cast({self._parameter('constant', source.constant)} as varchar)"
        if source.columns:
            return "(" + " || '-' || ".join(self._cell(name) for name in source.columns) + ")"
        text = self._cell(str(source.column))
        if source.part == "currency":
            return f"nullif(regexp_extract({text}, {self._parameter('currencies', CURRENCIES)}), '')"
        is_key = column.name.endswith("_id") or column.name == "line_number"
        if self.is_veiled and is_key:
            seen = f"regexp_replace({text}, '{INVISIBLE}', '', 'g')"
            return f"nullif(trim(regexp_replace({seen}, '{ODD_BLANKS}', ' ', 'g')), '')"
        return text

    def _cell(self, name: str) -> str:
        # Trimming what needs none takes a fifth of the reading. NULLIF keeps TRY_CAST out of the reader, as TRIM does.
        cell = f"column_{self.header.index(name)}"
        trimmed = f"trim({cell})" if self.is_padded else cell
        if self.mapping.empty:
            return f"case when list_contains($empty_words, {trimmed}) then null else nullif({trimmed}, '') end"
        return f"nullif({trimmed}, '')"

    def _typed(self, column: Column, text: str, source: ColumnSource, known: str | None) -> tuple[str, str, str]:
        """The typed value, the condition under which the text is wrong, and what is said then.

        `known` is the name under which the condition finds the value, where it has been worked out already.
        """
        if column.type == "VARCHAR":
            is_wrong = f"contains({text}, '\ufffd')" if self.is_damaged else "false"
            value = self._status(text) if column.name == "status" else text
            value = f"lower({value})" if column.name in CLOSED_LISTS else value
            return value, is_wrong, "holds a damaged character"
        if column.type == "DATE":
            return self._dated(column, text, source, known)
        return self._numbered(column, text, source, known)

    def _status(self, text: str) -> str:
        """One of the three states where an order system's word for it is known, else the word as it stands."""
        plain = f"lower(replace({text}, '_', ' '))"
        whens = " ".join(
            f"when list_contains({self._parameter('words', sorted(names))}, {plain}) then '{status}'"
            for status, names in vocabulary().statuses.items()
        )
        return f"case when {text} in ('open', 'closed', 'cancelled') then {text} {whens} else {text} end"

    # Dates

    def _dated(self, column: Column, text: str, source: ColumnSource, known: str | None = None) -> tuple[str, str, str]:
        if source.days_after is not None:
            return self._days_after(text, source.days_after)
        date_format = self._date_format(source)
        value, shape, wrong = self._date(column, text, date_format)
        if column.name == "month" and source.unit is None:
            value = f"cast(date_trunc('month', {value}) as date)"
        plausible = f"{known or value} between date '{FIRST_YEAR}-01-01' and date '{LAST_YEAR}-12-31'"
        return value, f"({text} is not null and not coalesce({plausible} and {shape}, false))", wrong

    def _date_format(self, source: ColumnSource) -> str | None:
        if source.columns:
            return source.date_format or ("%Y-%m-%d" if len(source.columns) == 3 else "%Y-%m")
        return source.date_format or self.mapping.date_format

    def _date(self, column: Column, text: str, date_format: str | None) -> tuple[str, str, str]:
        if date_format is None:
            whole = (
                f"case when length({text}) = 7 then {text} || '-01' else {text} end" if column.name == "month" else text
            )
            return f"try_cast({whole} as date)", f"{text} between '0' and ':'", "is not a date written like 2026-10-31"
        if date_format == EXCEL_SERIAL:
            days = f"try_cast(replace({text}, ',', '.') as double)"
            return f"(date '1899-12-30' + cast(floor({days}) as integer))", f"{days} < 100000", "is no count of days"
        if date_format == JDE:
            day = f"try_cast({text} as integer)"
            value = f"(make_date(1900 + {day} // 1000, 1, 1) + ({day} % 1000 - 1))"
            shape = f"regexp_full_match({text}, '[0-9]{{5,6}}') and {day} % 1000 between 1 and 366"
            return value, shape, "is no date written as century, year and day of the year"
        if date_format == ISO_WEEK:
            year, week = (
                f"regexp_extract({text}, '[0-9]{{4}}')",
                f"regexp_extract(' ' || {text}, '[^0-9]([0-9]{{1,2}})([^0-9]|$)', 1)",
            )
            value = f"cast(try_strptime({year} || '-W' || lpad({week}, 2, '0') || '-1', '%G-W%V-%u') as date)"
            return value, "true", "is no week of a year"
        if "%b" in date_format or "%B" in date_format:
            return self._with_month_names(text, date_format)
        return f"cast(try_strptime({text}, {self._parameter('format', date_format)}) as date)", "true", "is not a date"

    def _with_month_names(self, text: str, date_format: str) -> tuple[str, str, str]:
        """The month's name, in whatever language, becomes its number."""
        plain = re.sub(r"%[bB]\.?", "%m", date_format)
        months = "map {" + ", ".join(f"'{word}': '{number}'" for word, number in MONTHS.items()) + "}"
        name = r"[[:alpha:]À-ÿ]{3,}"
        number = f"{months}[lower(regexp_extract({text}, '{name}'))]"
        written = rf"regexp_replace({text}, '{name}\.?', {number})"
        return f"cast(try_strptime({written}, {self._parameter('format', plain)}) as date)", "true", "is not a date"

    def _days_after(self, text: str, logical: str) -> tuple[str, str, str]:
        extract, _, name = logical.rpartition(".")
        extract = extract or self.extract.name
        source = self.mapping.extracts.get(extract, {}).get(name)
        column = (
            next((one for one in extracts()[extract].columns if one.name == name), None)
            if extract in extracts()
            else None
        )
        if source is None or column is None or column.type != "DATE" or source.days_after is not None:
            raise MappingError(f"{logical!r} is no date that this file feeds, so no days can be counted from it.")
        day, day_is_wrong, _ = self._dated(column, self._text(column, source), source)
        days = f"try_cast({text} as integer)"
        beyond = f"{days} is null or {days} not between -3650 and 3650 or {day} is null or {day_is_wrong}"
        is_wrong = f"({text} is not null and ({beyond}))"
        return f"({day} + {days})", is_wrong, f"is no count of days after a date ({name.replace('_', ' ')})"

    # Numbers

    def _numbered(self, column: Column, text: str, source: ColumnSource, known: str | None) -> tuple[str, str, str]:
        decimal, thousands = source.decimal or self.mapping.decimal, source.thousands
        thousands = self.mapping.thousands if thousands is None else thousands
        wrong = "is not a whole number" if column.type == "INTEGER" else "is not a number"
        is_counted = source.unit is not None or source.per is not None or column.name in SHARES
        kind = "double" if is_counted else column.type
        if source.unit == CLOCK:
            value, wrong = _clock(text), "is no time written like 1:30 or 01:30:00"
        else:
            value = self._number(column, text, kind, decimal, thousands)
        if not is_counted:
            return value, f"({text} is not null and {known or value} is null)", wrong
        is_wrong = f"({text} is not null and {value} is null)"
        counted, trouble = self._counted(column, text, value, source, decimal, thousands)
        return f"try_cast({counted} as {column.type})", f"({is_wrong}{trouble})", wrong

    def _number(self, column: Column, text: str, kind: str, decimal: str, thousands: str) -> str:
        """A number as it stands, else as it is dressed up; NULL where it is none, or only TRY_CAST would take it for one."""
        plain, odd = text, []
        if thousands:
            sign = self._parameter("thousands", thousands)
            plain = f"replace({plain}, {sign}, '')"
            grouped = self._parameter("grouped", _grouped(decimal, thousands))
            odd.append(f"(contains({text}, {sign}) and not regexp_full_match({text}, {grouped}))")
        if decimal != ".":
            if thousands != ".":
                odd.append(f"contains({text}, '.')")
            plain = f"replace({plain}, {self._parameter('decimal', decimal)}, '.')"
        if kind.startswith("DECIMAL"):
            # Of what TRY_CAST takes for a decimal, only 1e3 and 1_000 are none; a pattern would cost a fifth of the reading.
            odd += [f"contains({plain}, '{sign}')" for sign in ("e", "E", "_")]
        else:
            pattern = "[-+]?[0-9]+" if kind == "INTEGER" else "[-+]?([0-9]+[.]?[0-9]*|[.][0-9]+)"
            odd.append(f"not regexp_full_match({plain}, '{pattern}')")
        dressed = self._dressed(column, text, decimal, thousands)
        as_it_stands = f"case when {' or '.join(odd)} then null else try_cast({plain} as {kind}) end"
        return f"coalesce({as_it_stands}, try_cast({dressed} as {kind}))"

    def _dressed(self, column: Column, text: str, decimal: str, thousands: str) -> str:
        """The digits of a number that stands with a currency sign, blanks, a minus behind it or in parentheses."""
        pattern = self._parameter("dressed", _dressed_pattern(column, decimal, thousands))
        currencies = self._parameter("currencies", CURRENCIES)
        not_digits = self._parameter("digits", f"[^0-9{re.escape(decimal)}]")
        digits = f"regexp_replace(regexp_replace({text}, {currencies}, '', 'g'), {not_digits}, '', 'g')"
        if decimal != ".":
            digits = f"replace({digits}, {self._parameter('decimal', decimal)}, '.')"
        sign = f"case when regexp_matches({text}, '[-−(]') then '-' else '' end"
        return f"case when regexp_full_match({text}, {pattern}) then {sign} || {digits} end"

    def _counted(
        self, column: Column, text: str, value: str, source: ColumnSource, decimal: str, thousands: str
    ) -> tuple[str, str]:
        """The number in the contract's unit, and the condition under which its unit is wrong.

        For a number of units that is zero or not said there is no number, which is no mistake of the row.
        """
        trouble = ""
        if column.name in SHARES:
            percent = "true" if source.unit == "percent" else f"contains({text}, '%')"
            value = f"(case when {percent} then ({value}) / 100 else {value} end)"
        elif column.name in ("hours_per_unit", "available_hours", "overtime_hours_limit"):
            value = f"(({value}) / {HOURS.get(source.unit or '', 1)})"
        elif column.name == "lead_time_days" and source.unit == "weeks":
            value = f"(({value}) * 7)"
        elif column.name == "offset_months" and source.unit in DAYS_OF_A_MONTH:
            value = f"ceil(({value}) / {DAYS_OF_A_MONTH[source.unit]})"
        if source.per is not None:
            is_said = is_number(source.per)
            cell = "null" if is_said else self._cell(source.per)
            units = (
                f"cast({source.per} as double)" if is_said else self._number(column, cell, "double", decimal, thousands)
            )
            value = f"(({value}) / nullif({units}, 0))"
            trouble = "" if is_said else f" or ({text} is not null and {cell} is not null and {units} is null)"
        return value, trouble


def _clock(text: str) -> str:
    """The hours of a time written like 1:30, 01:30:00 or 2 06:00:00, the days in front; 0 may stand alone."""
    parts = {24.0: "^([0-9]+) ", 1.0: "([0-9]+):", 1 / 60: ":([0-9]{2})", 1 / 3600: ":[0-9]{2}:([0-9]{2})"}
    hours = " + ".join(
        f"coalesce(try_cast(regexp_extract({text}, '{pattern}', 1) as double), 0) * {factor!r}"
        for factor, pattern in parts.items()
    )
    is_clock = f"regexp_full_match({text}, '([0-9]+ )?[0-9]+:[0-5][0-9](:[0-5][0-9])?')"
    return f"(case when {is_clock} then {hours} when {text} = '0' then 0 end)"


def _grouped(decimal: str, thousands: str) -> str:
    """Groups of three digits, or of two before the last three as in India."""
    mark, point = re.escape(thousands), re.escape(decimal)
    return rf"[-+]?([0-9]{{1,3}}({mark}[0-9]{{3}})+|[0-9]{{1,2}}({mark}[0-9]{{2}})*{mark}[0-9]{{3}})({point}[0-9]*)?"


def _dressed_pattern(column: Column, decimal: str, thousands: str) -> str:
    """What may stand around a column's digits; thousands may also be set apart by blanks or apostrophes."""
    point, marks = re.escape(decimal), "".join(dict.fromkeys(f"{thousands}'’{BLANKS}"))
    blank, minus = f"[{BLANKS}]*", "[-+−]?"
    money = f"({CURRENCIES})?" if "price" in column.name or "cost" in column.name else ""
    number = rf"(([0-9]{{1,3}}([{marks}][0-9]{{3}})+|[0-9]+)({point}[0-9]*)?|{point}[0-9]+)"
    behind = f"{blank}{money}" + (f"({blank}%)?" if column.name in SHARES else "")
    signed = f"{minus}{blank}{money}{blank}{minus}{blank}{number}{behind}{blank}-?"
    return rf"({signed}|\({blank}{money}{blank}{number}{behind}\))"
