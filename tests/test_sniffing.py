"""What is understood of a stranger's file before anybody has said anything about it, trap by trap."""

from __future__ import annotations

from pathlib import Path

import pytest

from sop.errors import SourceError
from sop.extracts.mapping import EXCEL_SERIAL
from sop.extracts.sniffing import Sniffed, SniffedColumn, sniff

SHARED = Path(__file__).parents[2] / "shared" / "data"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="the shared real order books are not on this machine")


@pytest.fixture
def sniffed(tmp_path):
    def write_and_sniff(text: str | bytes, encoding: str = "utf-8") -> Sniffed:
        file = tmp_path / "stored"
        file.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
        return sniff(file, "orders.csv")

    return write_and_sniff


@pytest.fixture
def column(sniffed):
    """The second column of a semicolon file, beside a column of words."""

    def sniff_values(*values: str, name: str = "value") -> SniffedColumn:
        rows = "".join(f"row {place};{value}\n" for place, value in enumerate(values))
        result: Sniffed = sniffed(f"key;{name}\n{rows}")
        return result.columns[1]

    return sniff_values


def noted(found: Sniffed, *words: str) -> bool:
    return any(all(word in note for word in words) for note in found.notes)


# Encoding, delimiter, header


@pytest.mark.parametrize(
    ("encoding", "found"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("utf-16", "utf-16"), ("cp1252", "cp1252")],
)
def test_the_encoding_is_found_and_names_keep_their_umlauts(sniffed, encoding, found):
    result = sniffed("Kunde;Straße\nMüller;Gänsemarkt – 3 €\n", encoding)
    assert result.encoding == found
    assert [column.name for column in result.columns] == ["Kunde", "Straße"]
    assert result.columns[1].samples == ("Gänsemarkt – 3 €",)


def test_big_endian_utf_16_is_read_by_its_byte_order_mark(sniffed):
    assert sniffed(b"\xfe\xff" + "a;b\n1;2\n".encode("utf-16-be")).delimiter == ";"


def test_a_few_damaged_characters_do_not_make_utf_8_something_else(sniffed):
    result = sniffed(b"Kunde;Ort\n" + "Müller;Köln\n".encode() * 20 + b"M\xfcller;K\n")
    assert result.encoding == "utf-8"
    assert noted(result, "damaged")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(sniffed, delimiter):
    result = sniffed("id|name|city\nA1|Smith|Rome\nA2|Jones|Oslo\n".replace("|", delimiter))
    assert result.delimiter == delimiter
    assert [column.name for column in result.columns] == ["id", "name", "city"]


def test_commas_in_quoted_cells_do_not_win_over_the_semicolons(sniffed):
    assert sniffed('id;name;city\n1;"a, b, c, d";"e, f, g"\n2;"h, i, j, k";"l, m, n"\n').delimiter == ";"


def test_decimal_commas_in_every_column_do_not_win_over_the_semicolons(sniffed):
    result = sniffed("Id;Jan;Feb;Mar\n1;1,5;2,5;3,5\n2;4,5;5,5;6,5\n")
    assert (result.delimiter, len(result.columns)) == (";", 4)


def test_one_broken_line_does_not_change_the_delimiter(sniffed):
    result = sniffed("id,name,city\n1,Smith,Rome\n2,Jones, Ltd,Oslo\n3,Brown,Bonn\n4,White,Bern\n")
    assert (result.delimiter, len(result.columns)) == (",", 3)
    assert noted(result, "1 of 4 rows")


def test_the_separator_that_excel_writes_down_is_believed(sniffed):
    result = sniffed("sep=|\nid|name\n1|a;b;c\n")
    assert (result.delimiter, result.header_line) == ("|", 2)


def test_title_lines_and_blank_lines_above_the_header_are_passed_over(sniffed):
    result = sniffed("Open orders, all plants\nPrinted 31.10.2026\n\nOrder;Customer;Qty\nA1;Acme;5\nA2;Brio;6\n")
    assert result.header_line == 4
    assert [column.name for column in result.columns] == ["Order", "Customer", "Qty"]
    assert noted(result, "line 4")


def test_a_title_line_filled_up_with_empty_cells_is_no_header(sniffed):
    assert sniffed("Order book;;;;\nOrder;Line;Customer;Item;Qty\nA;1;Acme;P;5\nB;1;Brio;P;6\n").header_line == 2


def test_a_separator_at_the_end_of_each_row_leaves_the_header_where_it_is(sniffed):
    result = sniffed("a,b,c,d\nx,1,2,3,\ny,4,5,6,\nz,7,8,9,\n")
    assert result.header_line == 1
    assert [column.samples for column in result.columns[:2]] == [("x", "y", "z"), ("1", "4", "7")]


def test_carriage_returns_alone_end_lines(sniffed):
    result = sniffed("id,name\r1,Smith\r2,Jones\r")
    assert [column.samples for column in result.columns] == [("1", "2"), ("Smith", "Jones")]


def test_doubled_and_empty_headers_are_said(sniffed):
    result = sniffed("id,name,,name\n1,a,b,c\n")
    assert noted(result, '"name"', "More than one")
    assert noted(result, "without a name: 3")


def test_two_tables_side_by_side_are_suspected(sniffed):
    assert noted(sniffed("id,qty,,code,price\n1,2,,x,3\n2,3,,y,4\n"), "side by side")


def test_a_file_without_a_header_is_suspected(sniffed):
    assert noted(sniffed("1,2,3\n4,5,6\n"), "looks like data")


@pytest.mark.parametrize("text", ["", "\n\n\n", ";;;\n;;;\n", "  \n"])
def test_a_file_without_any_cell_is_refused(sniffed, text):
    with pytest.raises(SourceError, match=r"orders\.csv, line 1: there is no header"):
        sniffed(text)


def test_ten_thousand_columns_are_refused(sniffed):
    with pytest.raises(SourceError, match="10000 columns"):
        sniffed(",".join(f"c{place}" for place in range(10_000)) + "\n")


def test_a_line_that_never_ends_is_refused(sniffed):
    with pytest.raises(SourceError, match="characters long"):
        sniffed(b"x" * 5_000_000)


def test_an_unclosed_quotation_mark_is_pointed_at(sniffed):
    assert noted(sniffed("id,name\n1,a\n2,b\n" * 2 + '3,"c\n' + "4,d\n" * 200), "Line 7", "quotation mark")


def test_one_column_is_said(sniffed):
    assert noted(sniffed("name\nAcme\nBrio\n"), "Only one column")


# Below the table


@pytest.mark.parametrize(
    "total",
    [
        "Total;;30;300",
        "OVERALL TOTAL;;30;300",
        "Summe;;30;300,00 €",
        ";;Total;300",
        "Gesamtergebnis;;30;300",
        "Total 2026;;30;",
    ],
)
def test_a_total_line_is_no_row(sniffed, total):
    result = sniffed(f"Customer;Item;Qty;Value\nAcme;P1;10;100\nBrio;P1;20;200\n{total}\n")
    assert result.trailing_lines == 1
    assert result.columns[0].samples == ("Acme", "Brio")
    assert noted(result, "left out", total.strip(";").split(";")[0])


def test_a_customer_called_total_is_no_total_line(sniffed):
    assert sniffed("Customer;Item;Qty\nAcme;P1;10\nTotal Energies;P1;20\n").trailing_lines == 0


def test_closing_remarks_below_a_blank_line_are_no_rows(sniffed):
    result = sniffed(
        '"Account","Amount","Stage"\n"Acme","10","Won"\n\n\n"Open Pipeline"\n"Generated By:  Jane"\n"Confidential"\n'
    )
    assert result.trailing_lines == 3
    assert result.columns[0].samples == ("Acme",)


def test_a_row_cut_off_at_the_end_is_not_dropped_as_a_remark(sniffed):
    assert sniffed("id,name,qty\nA1,Acme,5\nA2\n").trailing_lines == 0


def test_sixty_thousand_empty_rows_at_the_end_do_not_thin_out_the_columns(sniffed):
    result = sniffed("id,name,when\n1,a,2026-01-02\n2,b,\n" + ",,\n" * 60_000)
    assert result.trailing_lines == 60_000
    assert [column.filled_share for column in result.columns] == [1.0, 1.0, 0.5]
    assert noted(result, "60000")


def test_empty_rows_at_the_end_of_a_utf_16_file_are_counted(sniffed):
    assert sniffed("id\tname\n1\ta\n" + "\t\n" * 7, "utf-16").trailing_lines == 7


def test_blank_lines_at_the_end_are_no_rows_and_no_trailing_lines(sniffed):
    assert sniffed("id,name\n1,a\n\n\n\n").trailing_lines == 0


def test_the_total_of_a_long_file_is_found_at_its_end(sniffed):
    rows = "".join(f"A{place};Acme Manufacturing Limited;{place};2026-01-02\n" for place in range(60_000))
    result = sniffed(f"id;name;qty;when\n{rows}Total;;99;\n")
    assert result.trailing_lines == 1
    assert noted(result, "long")
    assert [column.kind for column in result.columns] == ["text", "text", "number", "date"]


# Numbers


@pytest.mark.parametrize(
    ("values", "decimal", "thousands"),
    [
        (("1.234,56", "12,50"), ",", "."),
        (("1,234.56", "12.50"), ".", ","),
        (("1 234,56", "12,50"), ",", " "),
        (("1\u00a0234,56", "12,50"), ",", "\u00a0"),
        (("1'234.56", "12.50"), ".", "'"),
        (("1234,5", "0,25"), ",", ""),
        (("1234.5", ".25"), ".", ""),
        (("0.500", "0.250"), ".", ""),
        (("1.000", "1.000.000"), ",", "."),
        (("1.234", "12.5"), ".", ""),
        (("12,34,567.00", "1,00,000.00"), ".", ","),
        (("100,00-", "1.200,50", "-3,5", "(4,00)"), ",", "."),
    ],
)
def test_decimal_sign_and_thousands_are_decided_over_the_column(column, values, decimal, thousands):
    found = column(*values)
    assert (found.kind, found.decimal, found.thousands) == ("number", decimal, thousands)


def test_a_number_that_may_be_read_in_two_ways_is_asked_about(sniffed):
    result = sniffed("id,amount\nA,2,\n".replace("2,", '"2,024"') + 'B,"1,500"\n')
    assert (result.columns[1].decimal, result.columns[1].thousands) == (".", ",")
    assert noted(result, "amount", '"2,024"', "two ways", "read as 2024")
    assert result.columns[1].other_signs == (",", "")


def test_a_doubtful_number_follows_the_other_columns_of_the_file(sniffed):
    result = sniffed('id,quantity,price\nA,1.500,"12,50"\nB,2.250,"9,99"\n')
    assert (result.columns[1].decimal, result.columns[1].thousands) == (",", ".")
    assert noted(result, "quantity", "read as 1500")
    assert result.columns[1].other_signs is None


@pytest.mark.parametrize(
    ("values", "currency"),
    [
        (("1.234,56 €", "3,00 €"), "€"),
        (("$1,234,567", "$12.50"), "$"),
        (("£1.50", "£2.25"), "£"),
        (("₹ 12,34,567.00", "₹ 50.00"), "₹"),
        (("EUR 1,5", "EUR 2,5"), "EUR"),
        (("1,5 USD", "-2,5 USD"), "USD"),
        (("1,5", "2,5"), ""),
    ],
)
def test_currency_signs_and_codes_are_part_of_a_number(column, values, currency):
    found = column(*values)
    assert (found.kind, found.currency) == ("number", currency)


def test_several_currencies_in_one_column_are_said(sniffed):
    assert noted(sniffed("id;amount\nA;1,50 €\nB;2,50 $\n"), "several currencies")


def test_percentages_are_found(column):
    assert column("10%", "25 %", "7,5%").is_percent
    assert not column("10", "25").is_percent


def test_a_dash_for_zero_and_words_for_nothing_are_odd_words(column):
    found = column("12,5", " - ", "n/a", "NULL", "3,25")
    assert (found.kind, found.odd_words, found.filled_share) == ("number", ("-", "n/a", "NULL"), 0.4)


def test_numbers_with_leading_zeros_are_names(column):
    assert column("0000104711", "0000104712").kind == "text"


def test_not_a_number_and_infinity_are_no_numbers(column):
    found = column("1", "2", "3", "1e999", "NaN")
    assert (found.kind, found.odd_words) == ("number", ("NaN",))


def test_amounts_rounded_for_show_are_said(sniffed):
    result = sniffed("id;amount\nA;₹50.58M\nB;₹12.10M\n")
    assert result.columns[1].kind == "text"
    assert noted(result, "₹50.58M", "rounded")


# Dates


@pytest.mark.parametrize(
    ("values", "date_format"),
    [
        (("2026-01-31", "2026-02-01"), None),
        (("1996-07-04 00:00:00.000", "1996-07-16 00:00:00.000"), None),
        (("2026-01-31T08:15:00Z", "2026-02-01T08:15:00Z"), None),
        (("2026/01/31", "2026/2/1"), "%Y/%m/%d"),
        (("31.1.2026", "01.02.2026"), "%d.%m.%Y"),
        (("1.2.2026", "3.4.2026"), "%d.%m.%Y"),
        (("31.01.26", "01.02.26"), "%d.%m.%y"),
        (("31/01/2026", "1/2/2026"), "%d/%m/%Y"),
        (("31-01-2026", "01-02-2026"), "%d-%m-%Y"),
        (("11/13/06", "1/2/07"), "%m/%d/%y"),
        (("1/31/2026 8:05", "2/1/2026 14:30"), "%m/%d/%Y %H:%M"),
        (("01/31/26 08:05 PM", "02/01/26 02:30 AM"), "%m/%d/%y %I:%M %p"),
        (("2-Jun-06", "14-Nov-06"), "%d-%b-%y"),
        (("2 Jun 2026", "14 Nov 2026"), "%d %b %Y"),
        (("2 June 2026", "14 May 2026"), "%d %b %Y"),
        (("14 May 2026", "2 Jun 2026"), "%d %b %Y"),
        (("Jun 2, 2026", "Nov 14, 2026"), "%b %d, %Y"),
        (("20260131", "20260201"), "%Y%m%d"),
        (("Jan-26", "Feb-26"), "%b-%y"),
        (("2026-01", "2026-02"), None),
    ],
)
def test_dates_are_recognised_as_they_are_written(column, values, date_format):
    found = column(*values)
    assert (found.kind, found.date_format, found.other_date_format) == ("date", date_format, None)


def test_day_or_month_first_is_left_open_where_no_value_decides(sniffed):
    result = sniffed("id,when\nA,03/04/2026\nB,05/06/2026\n")
    assert (result.columns[1].date_format, result.columns[1].other_date_format) == ("%d/%m/%Y", "%m/%d/%Y")
    assert noted(result, "when", '"03/04/2026"', "Which is it?")


def test_one_value_above_twelve_far_down_decides_for_the_column(column):
    found = column(*["03/04/2026"] * 500, "04/28/2026")
    assert (found.date_format, found.other_date_format) == ("%m/%d/%Y", None)


def test_values_that_contradict_each_other_leave_both_readings(sniffed):
    result = sniffed("id,when\nA,25/04/2026\nB,04/26/2026\nC,27/04/2026\n")
    assert (result.columns[1].date_format, result.columns[1].other_date_format) == ("%d/%m/%Y", "%m/%d/%Y")
    assert noted(result, "25/04/2026", "04/26/2026")


@pytest.mark.parametrize("word", ["Sept", "Mär", "Mai", "Okt", "Dez"])
def test_a_month_named_in_another_language_is_a_date_like_the_others(sniffed, word):
    result = sniffed(f"id;when\nA;02-{word}-06\nB;03-Jan-06\n")
    assert (result.columns[1].kind, result.columns[1].date_format) == ("date", "%d-%b-%y")
    assert not noted(result, "not understood")


def test_days_as_spreadsheets_count_them_are_dates_only_where_the_header_says_so(sniffed):
    dated, counted = sniffed("Order Date,Quantity\n46000,46000\n46001,46001\n").columns
    assert (dated.kind, dated.date_format) == ("date", EXCEL_SERIAL)
    assert (counted.kind, counted.date_format) == ("number", None)


DAYS = ("1/15/07", "1/16/07", "1/17/07", "1/18/07")


def test_a_slip_of_the_pen_is_no_word_for_nothing(column):
    found = column("1", "2", "3", "4", "ten")
    assert (found.kind, found.odd_words) == ("number", ())


def test_sizes_in_words_and_numbers_are_text(column):
    found = column("S", "M", "L", "40", "42", "S", "M", "L", "40", "42")
    assert (found.kind, found.odd_words) == ("text", ())


def test_words_for_nothing_do_not_hide_the_dates_among_them(column):
    found = column(*["Date Not Captured"] * 50, "11/13/06", "11/14/06", *["Pre-PQ Process"] * 40, "12/01/06", *DAYS)
    assert (found.kind, found.date_format) == ("date", "%m/%d/%y")
    assert found.odd_words == ("Date Not Captured", "Pre-PQ Process")


def test_day_and_month_swapped_inside_iso_dates_are_said(sniffed):
    result = sniffed("id,when\nA,2026-31-01\nB,2026-02-05\n")
    assert result.columns[1].date_format == "%Y-%d-%m"
    assert noted(result, "2026-31-01", "swapped")


def test_iso_dates_that_never_pass_the_twelfth_are_suspected(sniffed):
    days = [f"2026-{month:02}-{day:02}" for month in range(1, 10) for day in range(1, 13)]
    result = sniffed("id,when\n" + "".join(f"A,{day}\n" for day in days))
    assert result.columns[1].date_format is None
    assert noted(result, "when", "12th")


def test_a_spreadsheets_day_zero_is_said(sniffed):
    assert noted(sniffed("id,when\nA,00/01/1900\nB,00/01/1900\n"), "no such day", "00/01/1900")


def test_a_date_of_which_a_spreadsheet_left_the_minutes_is_said(sniffed):
    assert noted(sniffed("id,when\nA,00:00.0\nB,00:00.0\n"), "the date is lost")


# Columns


def test_a_column_without_values_is_empty(column):
    assert column("", "", "").kind == "empty"
    assert (column("NULL", "NULL").kind, column("NULL").odd_words) == ("empty", ("NULL",))


def test_a_control_character_is_no_digit(column):
    assert column("2026-0\x01-02", "\x01", "\x01\x01").kind == "text"


def test_a_single_letter_is_text(column):
    assert column("Z", "X", "Z").kind == "text"


def test_shares_and_samples_are_those_of_the_rows(column):
    found = column("red", "blue", "", "red")
    assert found.samples == ("red", "blue")
    assert (found.filled_share, found.distinct_share) == (0.75, 2 / 3)


def test_no_more_than_eight_samples_are_shown_and_long_ones_are_cut(column):
    found = column(*[f"{'long ' * 100}{place}" for place in range(12)])
    assert len(found.samples) == 8
    assert all(len(sample) == 200 for sample in found.samples)


# Real files


@needs_shared
def test_the_delivery_history_is_understood():
    result = sniff(SHARED / "scms" / "SCMS_Delivery_History_Dataset.csv", "SCMS_Delivery_History_Dataset.csv")
    columns = {column.name: column for column in result.columns}
    assert (result.encoding, result.delimiter, result.header_line, result.trailing_lines) == ("utf-8", "\t", 1, 0)
    assert len(columns) == 33
    assert columns["Scheduled Delivery Date"].date_format == "%d-%b-%y"
    first_sent = columns["PQ First Sent to Client Date"]
    assert (first_sent.kind, first_sent.date_format, first_sent.other_date_format) == ("date", "%m/%d/%y", None)
    assert first_sent.odd_words == ("Pre-PQ Process", "Date Not Captured")
    assert columns["PO Sent to Vendor Date"].odd_words == ("Date Not Captured", "N/A - From RDC")
    assert columns["Pack Price"].kind == "number"


@needs_shared
def test_northwinds_orders_are_understood():
    columns = {column.name: column for column in sniff(SHARED / "northwind" / "orders.csv", "orders.csv").columns}
    shipped = columns["shippedDate"]
    assert (shipped.kind, shipped.date_format, shipped.odd_words) == ("date", None, ("NULL",))
    assert columns["shipRegion"].odd_words == ("NULL",)
    assert columns["freight"].kind == "number"


@needs_shared
def test_unquoted_commas_leave_northwinds_orders_comma_separated():
    result = sniff(SHARED / "northwind" / "orders-unquoted-commas.csv", "orders.csv")
    assert (result.delimiter, len(result.columns)) == (",", 14)
    assert noted(result, "176 of 830")
