"""What is proposed for headers as CRM and ERP systems write them, and what is asked instead of guessed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from sop.extracts import mapping, mapping_file
from sop.extracts.contract import extracts
from sop.extracts.proposing import Proposed, fingerprint, propose
from sop.extracts.proposing.choosing import NAME_OF
from sop.extracts.proposing.header import kind_of
from sop.extracts.proposing.names import key
from sop.extracts.proposing.vocabulary import vocabulary
from sop.extracts.sniffing import sniff
from tests.written_headers import SYSTEMS, column, header, of, sniffed, sources

FOLDER = Path(__file__).parents[2] / "shared" / "data"
needs_data = pytest.mark.skipif(not FOLDER.exists(), reason=f"the real order books are expected in {FOLDER}")


@needs_data
def test_the_health_programmes_file_is_mapped_as_people_wrote_it_down() -> None:
    [wanted] = mapping_file.read(Path(__file__).parent / "mappings" / "scms.toml")
    path = FOLDER / "scms" / "SCMS_Delivery_History_Dataset.csv"
    proposed = propose(sniff(path, path.name)).mapping
    assert proposed is not None
    formats = {(extract, name): each for extract, name, each in columns_of(proposed)}
    for extract, name, source in columns_of(wanted):
        assert formats[extract, name] == source
    beyond = set(formats) - {(extract, name) for extract, name, _ in columns_of(wanted)}
    assert beyond <= {("deliveries", "delivery_id")}
    assert {"Pre-PQ Process", "Date Not Captured"} <= set(proposed.empty)


def columns_of(given: mapping.FileMapping) -> list[tuple[str, str, tuple[str | None, str | None]]]:
    """Every column a mapping feeds, with its source and the date format that holds for it."""
    return [
        (extract, name, (source.column, (source.date_format or given.date_format) if is_date(extract, name) else None))
        for extract, columns in given.extracts.items()
        for name, source in columns.items()
    ]


def is_date(extract: str, name: str) -> bool:
    return any(each.name == name and each.type == "DATE" for each in extracts()[extract].columns)


@needs_data
def test_the_wholesalers_master_files_feed_customers_and_products_only() -> None:
    for name, wanted in {
        "customers": {"customer_id": "customerID", "customer_name": "companyName", "region": "region"},
        "products": {"product_id": "productID", "product_name": "productName", "product_family": "categoryID"},
    }.items():
        proposal = propose(sniff(FOLDER / "northwind" / f"{name}.csv", f"{name}.csv"))
        assert proposal.mapping is not None and set(proposal.mapping.extracts) == {name}
        assert {column: source.column for column, source in proposal.mapping.extracts[name].items()} == wanted


@needs_data
def test_a_header_file_and_a_detail_file_say_what_each_lacks_and_are_whole_together() -> None:
    orders = sniff(FOLDER / "northwind" / "orders.csv", "orders.csv")
    details = sniff(FOLDER / "northwind" / "order_details.csv", "order_details.csv")
    assert set(propose(orders).missing) >= {"order_lines.product_id", "order_lines.quantity"}
    assert set(propose(details).missing) == {"order_lines.customer_id", "order_lines.promised_date"}
    both = replace(orders, columns=(*orders.columns, *(each for each in details.columns if each.name != "orderID")))
    found = sources(propose(both))
    assert not propose(both).missing
    assert {name: source for (extract, name), source in found.items() if extract == "order_lines" and source} == {
        "order_id": "orderID", "customer_id": "customerID", "product_id": "productID", "quantity": "quantity",
        "unit_price": "unitPrice", "order_date": "orderDate", "promised_date": "requiredDate",
    }  # fmt: skip
    assert found["deliveries", "shipped_date"] == "shippedDate"
    assert found["deliveries", "quantity"] == "quantity"


# What is asked


ORDER = "Order No:id | Customer No:id | Item No:code | Quantity:number"


def test_a_delivery_date_alone_is_proposed_as_the_promise_but_asked() -> None:
    for name in ("Delivery Date", "DELIVERY_DATE", "Liefertermin", "Lieferdatum", "Dlv.Date", "Delivery Date (Items)"):
        promised = of(propose(header(f"{ORDER} | {name}:date")), "order_lines", "promised_date")
        assert promised.source_name == name
        assert promised.confidence < 0.5
        assert promised.question is not None and name in promised.question and "2025-03-14" in promised.question


def test_a_delivery_date_beside_a_promised_date_is_used_for_nothing_and_asked() -> None:
    beside = [f"{ORDER} | Promised Date:date | Delivery Date:date"]
    beside.append(f"{beside[0]} | Requested Date:date")
    for text in beside:
        proposal = propose(header(text))
        assert "Delivery Date" not in sources(proposal).values()
        assert of(proposal, "order_lines", "promised_date").source_name == "Promised Date"
        assert any("Delivery Date" in (proposed.question or "") for proposed in proposal.columns)


def test_a_due_date_is_asked_for_as_wish_or_promise() -> None:
    proposal = propose(header(f"{ORDER} | Due Date:date"))
    assert of(proposal, "order_lines", "promised_date").source_name == "Due Date"
    assert "asked for or the date we promised" in str(of(proposal, "order_lines", "promised_date").question)


def test_a_wish_without_a_promise_stands_in_for_it_and_is_asked() -> None:
    proposal = propose(header(f"{ORDER} | Requested Delivery Date:date"))
    assert of(proposal, "order_lines", "promised_date").source_name == "Requested Delivery Date"
    assert of(proposal, "order_lines", "promised_date").question
    assert of(proposal, "order_lines", "requested_date").source_name is None


def test_a_planned_shipping_date_is_never_a_promise() -> None:
    for name in ("WADAT", "Schedule Ship Date", "Planned Shipment Date", "PlannedGoodsMovementDate"):
        proposal = propose(header(f"{ORDER} | {name}:date"))
        assert proposal.mapping is None
        assert "order_lines.promised_date" in proposal.missing
        assert of(proposal, "order_lines", "promised_date").alternatives == (name,)
        assert any(name in note for note in proposal.notes)


def test_a_confirmed_shipping_date_is_asked_since_it_is_no_arrival() -> None:
    proposal = propose(header(f"{ORDER} | ConfirmedShippingDate:date"))
    assert "not of arrival" in str(of(proposal, "order_lines", "promised_date").question)


def test_the_day_a_delivery_was_recorded_is_not_the_day_it_arrived() -> None:
    proposal = propose(header(f"{ORDER} | Promised Date:date | Delivery Recorded Date:date"))
    assert not any(proposed.extract == "deliveries" for proposed in proposal.columns)


def test_a_weighted_amount_is_asked_and_feeds_nothing() -> None:
    for name in (
        "ExpectedRevenue",
        "Calcd. Current Value (LCY)",
        "WeightedAmt",
        "Expected Revenue",
        "Gewichteter Wert",
    ):
        proposal = propose(
            header(f"Opportunity ID:code | Account ID:code | Stage:word | Close Date:date | {name}:money")
        )
        assert name not in sources(proposal).values()
        assert "weighted" in str(of(proposal, "opportunities", "unit_price").question)
        assert name in of(proposal, "opportunities", "unit_price").alternatives


def test_an_amount_of_the_whole_row_is_a_price_only_over_its_quantity() -> None:
    price = of(propose(header(f"{ORDER} | Promised Date:date | Line Amount:money")), "order_lines", "unit_price")
    assert price.source is not None
    assert (price.source.column, price.source.per) == ("Line Amount", "Quantity")
    assert "divided by 'Quantity'" in price.why
    stated = propose(header(f"{ORDER} | Promised Date:date | Line Amount:money | Unit Price:money"))
    assert of(stated, "order_lines", "unit_price").source == mapping.ColumnSource(
        "Unit Price", decimal=".", thousands=""
    )


def test_a_status_is_the_stage_only_without_a_stage_and_asked() -> None:
    deal = "Opportunity ID:code | Account ID:code | Close Date:date | Probability:percent | Status:word"
    assert of(propose(header(deal)), "opportunities", "stage").question
    assert of(propose(header(f"{deal} | Stage:word")), "opportunities", "stage").source_name == "Stage"


def test_a_status_is_used_where_its_words_are_known_asked_where_few_are_and_left_where_none_is() -> None:
    def status(*words: str) -> Proposed | None:
        file = header(f"{ORDER} | Promised Date:date")
        proposal = propose(replace(file, columns=(*file.columns, column("Status", *words))))
        found = [one for one in proposal.columns if one.column == "status" and (one.source or one.question)]
        return found[0] if found else None

    sure, doubtful = status("Shipped", "Resolved", "Cancelled", "On Hold"), status("Shipped", "X1", "X2")
    assert sure is not None and (sure.source_name, sure.question) == ("Status", None)
    assert doubtful is not None and doubtful.question
    assert status("Texas", "Ohio") is None


def test_where_the_day_could_be_the_month_it_is_asked() -> None:
    file = header(f"{ORDER} | Promised Date:date")
    doubtful = replace(file.columns[-1], date_format="%d/%m/%Y", other_date_format="%m/%d/%Y")
    proposal = propose(replace(file, columns=(*file.columns[:-1], doubtful)))
    assert "%m/%d/%Y" in str(of(proposal, "order_lines", "promised_date").question)


def test_the_ship_to_is_not_silently_the_customer() -> None:
    proposal = propose(header("Order No:id | Ship-to:id | Item No:code | Quantity:number | Promised Date:date"))
    assert of(proposal, "order_lines", "customer_id").question


def test_a_plain_number_is_asked_only_where_it_could_be_something_else() -> None:
    line = "Line No.:line | Sell-to Customer No.:id | No.:code | Quantity:number | Promised Delivery Date:date"
    settled = of(propose(header(f"Document No.:id | {line}")), "order_lines", "product_id")
    assert (settled.source_name, settled.question) == ("No.", None)
    assert of(propose(header(line)), "order_lines", "order_id").question


# What is told apart


def test_a_name_is_compared_without_case_blanks_punctuation_and_accents() -> None:
    names = [
        "Zugesagtes Lieferdatum",
        "ZUGESAGTES_LIEFERDATUM",
        "zugesagtes-lieferdatum",
        "\ufeffZugesagtesLieferdatum",
    ]
    for name in names:
        assert of(propose(header(f"{ORDER} | {name}:date")), "order_lines", "promised_date").confidence == 0.95
    assert key("Bestätigter Liefertermin") == key("BESTAETIGTER LIEFERTERMIN")
    assert key("Promised_Date__c") == key("promised date")


def test_a_slip_of_the_pen_is_recognised_with_less_confidence() -> None:
    proposal = propose(
        header("Order Nmber:id | Cutsomer No:id | Item No:code | Quantitiy:number | Promissed Date:date")
    )
    assert not proposal.missing
    assert of(proposal, "order_lines", "promised_date").confidence < 0.8
    assert "similar" in of(proposal, "order_lines", "promised_date").why


def test_a_text_column_is_never_a_quantity_and_the_reason_is_said() -> None:
    proposal = propose(header("Order No:id | Customer No:id | Item No:code | Quantity:word | Promised Date:date"))
    assert of(proposal, "order_lines", "quantity").source_name is None
    assert proposal.missing == ("order_lines.quantity",)
    assert any("'Quantity'" in note and "text" in note for note in proposal.notes)


def test_the_suppliers_columns_are_not_the_customers() -> None:
    proposal = propose(
        header(f"{ORDER} | Promised Date:date | Vendor Name:name | Supplier Item No:code | Employee Name:name")
    )
    used = set(sources(proposal).values())
    assert not used & {"Vendor Name", "Supplier Item No", "Employee Name"}


def test_of_two_prices_the_one_that_gives_the_line_value_is_taken() -> None:
    file = sniffed(
        *header(f"{ORDER} | Promised Date:date").columns[:3],
        column("Line Item Quantity", "19", "1000", "500"),
        column("Promised Date", "2025-03-14"),
        column("Line Item Value", "551", "6200", "40000"),
        column("Unit Price", "0.97", "0.03", "0.8"),
        column("Pack Price", "29", "6.2", "80"),
    )
    assert of(propose(file), "order_lines", "unit_price").source_name == "Pack Price"


def test_the_sap_item_is_the_line_where_a_material_stands_beside_it() -> None:
    text = "Sales Document:id | Item:line | Sold-to party:id | Order Quantity:number | Schedule line date:date"
    assert sources(propose(header(f"{text} | Material:code")))["order_lines", "line_number"] == "Item"
    assert sources(propose(header(text)))["order_lines", "product_id"] == "Item"


def test_on_a_delivery_the_reference_is_the_order_and_its_own_number_the_delivery() -> None:
    found = sources(propose(header(SYSTEMS["SAP, deliveries"]["header"])))
    assert found["deliveries", "delivery_id"] == "VBELN"
    assert found["deliveries", "line_number"] == "VGPOS"


def test_a_column_of_known_ids_is_recognised_by_its_values() -> None:
    known = {"customer_id": frozenset({"0010042", "0010043", "0010051"})}
    text = "Order No:id | Regnskab:id | Item No:code | Quantity:number | Promised Date:date"
    assert "order_lines.customer_id" in propose(header(text.replace("Order No:id", "Order No:code"))).missing
    customer = of(propose(header(text.replace("Order No:id", "Order No:code")), known), "order_lines", "customer_id")
    assert customer.source_name == "Regnskab"
    assert customer.confidence < 0.6


# Which extracts


def test_an_order_report_with_names_and_deliveries_feeds_four_extracts() -> None:
    text = f"{ORDER} | Customer Name:name | Item Description:name | Promised Date:date | Delivered Date:date"
    proposal = propose(header(text))
    assert proposal.mapping is not None
    assert list(proposal.mapping.extracts) == ["customers", "products", "order_lines", "deliveries"]


def test_an_order_report_with_bare_numbers_leaves_the_master_data_alone() -> None:
    proposal = propose(header(f"{ORDER} | Promised Date:date"))
    assert proposal.mapping is not None and list(proposal.mapping.extracts) == ["order_lines"]


def test_a_file_with_a_customer_number_and_name_and_no_order_is_customers() -> None:
    proposal = propose(header("Kundennr:id | Kundenname:name | Kundengruppe:word | Land:word"))
    assert proposal.mapping is not None and list(proposal.mapping.extracts) == ["customers"]


def test_the_files_name_decides_where_the_columns_leave_it_open() -> None:
    for file_name, extract in (("Kunden.csv", "customers"), ("Artikel.csv", "products")):
        proposal = propose(header("No.:id | Name:name", file_name))
        assert proposal.mapping is not None and list(proposal.mapping.extracts) == [extract]


def test_a_crm_export_feeds_opportunities_only() -> None:
    proposal = propose(header(SYSTEMS["Salesforce, opportunities with products"]["header"]))
    assert proposal.mapping is not None and list(proposal.mapping.extracts) == ["opportunities"]


def test_a_file_about_something_else_is_proposed_for_nothing() -> None:
    proposal = propose(header("Temperature:number | Wind:number | Observer:name"))
    assert (proposal.mapping, proposal.columns) == (None, ())
    assert proposal.notes


# What comes out


def test_a_source_feeds_one_column_of_an_extract_unless_it_is_also_the_name() -> None:
    for system in SYSTEMS:
        fed: dict[tuple[str, str], list[str]] = {}
        for proposed in propose(header(SYSTEMS[system]["header"])).columns:
            if proposed.source_name:
                fed.setdefault((proposed.extract, proposed.source_name), []).append(proposed.column)
        for names in fed.values():
            assert len(names) == 1 or names == [names[0], names[0].replace("_id", "_name")], (system, names)


def test_how_the_file_writes_dates_and_numbers_goes_into_the_mapping() -> None:
    file = sniffed(
        *header(ORDER).columns[:3],
        column("Menge", "1.200,5", "3,25", decimal=",", thousands="."),
        column("Zugesagter Termin", "14.03.2025", "02.04.2025", odd_words=("offen",)),
        column("Auftragsdatum", "03/14/2025", date_format="%m/%d/%Y"),
        column("Wunschtermin", "14.03.2025"),
        file_name="a[1]*.csv",
    )
    made = propose(file).mapping
    assert made is not None
    assert (made.decimal, made.thousands, made.date_format, made.empty) == (",", ".", None, ("offen",))
    assert made.extracts["order_lines"]["promised_date"].date_format == "%d.%m.%Y"
    assert made.extracts["order_lines"]["order_date"].date_format == "%m/%d/%Y"
    assert made.fits("a[1]*.csv") and not made.fits("a1.csv")


def test_a_name_that_stands_twice_in_the_header_is_not_used_and_said() -> None:
    proposal = propose(header(f"{ORDER} | Promised Date:date | Unit Price:money | Unit Price:money"))
    assert "Unit Price" not in sources(proposal).values()
    assert any("more than once" in note for note in proposal.notes)


def test_a_header_is_recognised_whatever_its_order_and_case() -> None:
    print_of = fingerprint(["Order No.", "Kunde", "#"])
    assert fingerprint(["kunde", "#", "ORDER NO."]) == print_of == fingerprint([" order no ", "KUNDE", "#"])
    assert fingerprint(["Order No.", "Kunde"]) != print_of
    file = header("Order No.:id | Kunde:name")
    assert fingerprint(file) == fingerprint(["Kunde", "Order No."])


def test_a_thousand_columns_hide_none_of_the_five_that_count() -> None:
    names = " | ".join(f"Custom attribute {number} of the order:word" for number in range(995))
    made = propose(header(f"{ORDER} | Promised Date:date | {names}")).mapping
    assert made is not None
    assert {source.column for source in made.extracts["order_lines"].values()} == {
        "Order No", "Customer No", "Item No", "Quantity", "Promised Date",
    }  # fmt: skip


# The list of names


def test_every_column_named_in_the_list_is_one_of_the_contract() -> None:
    known = {(extract.name, name) for extract in extracts().values() for name in extract.column_names}
    known.add(("opportunities", "opportunity_name"))
    words = vocabulary()
    named = [meaning.target for meanings in words.named.values() for meaning in meanings]
    named += [meaning.target for plain in words.plain.values() for found in plain.values() for meaning in found]
    named += [target for doubt in words.doubts.values() for target in (*doubt.meanings, *doubt.guess)]
    named += [target for aside in words.asides.values() for target in aside.could_be]
    named += [target for stand_in in words.stand_ins.values() for target, _ in stand_in.sources]
    assert set(named) <= known


def test_no_name_is_both_sure_and_doubtful() -> None:
    words = vocabulary()
    assert not words.named.keys() & words.doubts.keys()
    assert not words.named.keys() & words.asides.keys()
    assert not words.doubts.keys() & words.asides.keys()


def test_no_extract_has_two_columns_of_the_same_sure_name_and_kind() -> None:
    for name, meanings in vocabulary().named.items():
        targets = [meaning.target for meaning in meanings if meaning.target[1] not in NAME_OF]
        fed = [(extract, kind_of((extract, column))) for extract, column in targets]
        assert len(fed) == len(set(fed)), name
