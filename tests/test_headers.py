"""Headers as some hundred systems write them: what must be proposed right, what asked, and what never be taken silently.

A file in tests/headers/ lists headers of one family, each with its expected sources. `orders` is the file of order
headers that belongs to a file of items, `asked` names what only a person can decide, and `unused` are columns that may
feed nothing without a question.
"""

from __future__ import annotations

import functools
from dataclasses import replace

from sop.extracts.contract import extracts
from sop.extracts.pairing import joined, pair
from sop.extracts.proposing import Proposal, Proposed, propose
from tests.written_headers import SOMETHING_ELSE, SYSTEMS, column, header, of, sniffed, sources

ORDER = "Order No:id | Customer No:id | Item No:code | Quantity:number"
LINE = f"{ORDER} | Promised Date:date"


@functools.cache
def proposed_for(system: str) -> Proposal:
    """What is proposed for a listed header, alone or with its header file."""
    written = SYSTEMS[system]
    detail = header(written["header"], written.get("file", "export.csv"))
    if "orders" not in written:
        return propose(detail)
    detail, heads = replace(detail, file_name="items.csv"), header(written["orders"], "heads.csv")
    [found] = pair([detail, heads])
    assert (found.detail, found.header) == (0, 1), system
    return propose(joined(detail, heads, found.join))


def expected(system: str) -> dict[tuple[str, str], list[str]]:
    """The sources that are right, per extract and logical column."""
    return {
        (extract, name): [right] if isinstance(right, str) else right
        for extract, columns in SYSTEMS[system].items()
        if extract in extracts()
        for name, right in columns.items()
    }


def wrong(system: str) -> list[Proposed | str]:
    """The expected columns that come from elsewhere, or from nowhere."""
    found = {proposed.target: proposed for proposed in proposed_for(system).columns}
    return [
        found.get(target, f"{system}: {'.'.join(target)}")
        for target, right in expected(system).items()
        if target not in found or found[target].source_name not in right
    ]


# Real headers


def test_of_the_required_columns_of_all_systems_at_least_95_percent_are_right() -> None:
    required = {(name, column) for name, extract in extracts().items() for column in (*extract.required, *extract.key)}
    missed = [
        each for system in SYSTEMS for each in wrong(system) if isinstance(each, str) or each.target in required
    ]  # fmt: skip
    count = sum(target in required for system in SYSTEMS for target in expected(system))
    assert count > 900
    assert 1 - len(missed) / count >= 0.95, missed


def test_so_are_the_dates_prices_and_names_beside_them() -> None:
    missed = [each for system in SYSTEMS for each in wrong(system)]
    assert 1 - len(missed) / sum(len(expected(system)) for system in SYSTEMS) >= 0.95, missed


def test_nothing_wrong_is_proposed_without_a_question() -> None:
    silent = [
        (system, ".".join(each.target), each.source_name)
        for system in SYSTEMS
        for each in wrong(system)
        if isinstance(each, Proposed) and each.source_name and not each.question
    ]
    assert silent == []


def test_what_a_header_leaves_open_is_asked() -> None:
    for system, written in SYSTEMS.items():
        asked = {".".join(each.target) for each in proposed_for(system).questions}
        assert set(written.get("asked", ())) <= asked, system


def test_what_is_easily_mistaken_feeds_nothing_without_a_question() -> None:
    for system, written in SYSTEMS.items():
        used = {each.source_name for each in proposed_for(system).columns if each.source and not each.question}
        assert not used & set(written.get("unused", ())), system


def test_a_list_of_something_else_is_never_loaded_without_a_question() -> None:
    for name, written in SOMETHING_ELSE.items():
        proposal = propose(header(written["header"], written.get("file", "export.csv")))
        assert proposal.mapping is None or proposal.questions, name


# What looks like an extract and is none


def test_orders_to_suppliers_are_asked_about_where_only_the_files_name_tells_them() -> None:
    written = "DocNum:id | CardCode:code | ItemCode:code | Quantity:number | DocDueDate:date"
    ours, theirs = propose(header(written, "ORDR.csv")), propose(header(written, "OPOR purchase orders.csv"))
    assert of(ours, "order_lines", "order_id").question is None
    asked = of(theirs, "order_lines", "order_id")
    assert "what we buy" in str(asked.question) and "OPOR purchase orders.csv" in str(asked.question)
    assert theirs.answered({asked.target: asked.options[-1]}).mapping is None


def test_a_supplier_is_never_the_customer() -> None:
    for name in ("Vendor ID", "Vendor No.", "Supplier Number", "Lieferantennr.", "Vendor account", "LIFNR"):
        proposal = propose(header(f"Order No:id | {name}:code | Item No:code | Quantity:number | Promised Date:date"))
        assert "order_lines.customer_id" in proposal.missing, name


def test_who_orders_and_who_supplies_may_stand_in_one_file() -> None:
    assert not propose(header(f"{LINE} | Vendor Name:name")).questions


def test_invoices_are_not_silently_orders() -> None:
    line = "Customer No:id | Item No:code | Quantity:number | Due Date:date"
    asked = of(propose(header(f"Document No.:id | {line} | Invoice Date:date")), "order_lines", "order_id")
    assert "invoices" in str(asked.question)
    beside = of(propose(header(f"{LINE} | Invoice No:code")), "order_lines", "order_id")
    assert beside.question is None


def test_a_number_of_something_and_no_more_is_no_master_file() -> None:
    assert propose(header("Item No.:code | Forecast Date:date | Forecast Quantity:number")).columns == ()
    named = propose(header("Item No.:code | Group:word", "items.csv"))
    assert named.mapping is not None and list(named.mapping.extracts) == ["products"]


def test_a_master_file_of_plain_names_is_asked_about_unless_its_name_tells() -> None:
    text = "Name:code | Description:name | Cost:money"
    assert "list of products" in str(of(propose(header(text)), "products", "product_id").question)
    assert of(propose(header(text, "item.csv")), "products", "product_id").question is None


# What is asked instead of guessed


def test_a_planned_or_plain_day_of_shipping_is_asked_before_it_counts_as_shipped() -> None:
    for name in ("Goods Issue Date", "GI Date", "Warenausgangsdatum", "Versanddatum", "Dispatch Date", "Ship Date"):
        proposal = propose(header(f"{LINE} | {name}:date"))
        silent = [each for each in proposal.columns if each.source_name == name and not each.question]
        assert silent == [] and any(name in str(each.question) for each in proposal.questions), name


def test_a_ship_date_is_not_the_promise_that_is_missing() -> None:
    proposal = propose(header(f"{ORDER} | Ship Date:date"))
    assert proposal.missing == ("order_lines.promised_date",)
    assert of(proposal, "deliveries", "shipped_date").source_name == "Ship Date"
    assert of(proposal, "deliveries", "shipped_date").question


def test_a_posting_date_is_asked_even_in_a_file_of_shipments() -> None:
    text = "Document No.:code | Order No.:code | No.:code | Quantity:number | Posting Date:date"
    proposal = propose(header(text, "Posted Sales Shipments.xlsx"))
    assert of(proposal, "deliveries", "shipped_date").source_name == "Posting Date"
    assert of(proposal, "deliveries", "shipped_date").question


def test_a_number_that_may_be_the_deliverys_own_is_asked_before_it_is_the_order() -> None:
    text = "Document No.:code | Item No.:code | Quantity:number | Delivered Date:date"
    assert "the delivery itself" in str(of(propose(header(text)), "deliveries", "order_id").question)
    with_order = propose(header(f"{text} | Sales Order No.:code"))
    assert of(with_order, "deliveries", "order_id").source_name == "Sales Order No."
    assert of(with_order, "deliveries", "order_id").question is None


def test_a_name_that_is_only_similar_is_asked() -> None:
    proposal = propose(header("Order No:id | Customer No:id | Item No:code | Quantitiy:number | Promised Date:date"))
    asked = of(proposal, "order_lines", "quantity")
    assert asked.source_name == "Quantitiy"
    assert "similar to" in str(asked.question)


def test_a_stand_in_is_asked_where_an_unknown_column_could_be_the_real_one() -> None:
    text = "Order No:id | Customer No:id | Item Description:name | Quantity:number | Promised Date:date"
    assert of(propose(header(text)), "order_lines", "product_id").question is None
    assert of(propose(header(f"{text} | House Part Ref X:code")), "order_lines", "product_id").question
    delivered = f"{LINE} | Delivered Date:date"
    assert of(propose(header(delivered)), "deliveries", "quantity").question is None
    assert of(propose(header(f"{delivered} | Shipped So Far Net:number")), "deliveries", "quantity").question


def test_a_time_of_a_whole_work_order_is_asked_though_its_unit_is_said() -> None:
    routing = "Item No:code | Work Center:code"
    assert of(propose(header(f"{routing} | Actual Resource Hrs:number")), "routings", "hours_per_unit").question
    assert of(propose(header(f"{routing} | Cycle Time (min):number")), "routings", "hours_per_unit").question is None


# What is told apart by values


def test_of_two_ids_the_one_whose_values_are_known_is_taken() -> None:
    file = sniffed(
        *header("Order No:id | Item No:code | Quantity:number | Promised Date:date").columns,
        column("Customer No", "1", "2", "3"),
        column("Account Number", "C-1", "C-2", "C-3"),
    )
    known = {"customer_id": frozenset({"C-1", "C-2", "C-3"})}
    assert of(propose(file), "order_lines", "customer_id").source_name == "Customer No"
    assert of(propose(file, known), "order_lines", "customer_id").source_name == "Account Number"


def test_a_date_column_full_of_numbers_is_asked_and_never_used_where_nothing_needs_it() -> None:
    promised = of(propose(header(f"{ORDER} | Promised Date:number")), "order_lines", "promised_date")
    assert "are numbers" in str(promised.question)
    wished = of(propose(header(f"{LINE} | Requested Date:number")), "order_lines", "requested_date")
    assert wished.source is None


def test_words_are_no_number_of_a_delivery() -> None:
    text = "Order No:id | Item No:code | Delivered Quantity:number | Delivered Date:date | Packing Slip:word"
    assert of(propose(header(text)), "deliveries", "delivery_id").source_name is None


def test_numbers_are_no_currency_and_a_count_of_shipments_no_number_of_a_delivery() -> None:
    file = header(f"{LINE} | Net Value in Document Currency:money | Delivered Date:date | SHIPMENT_NUMBER:number")
    proposal = propose(file)
    assert of(proposal, "order_lines", "currency").source is None
    assert of(proposal, "deliveries", "delivery_id").source is None
    signed = column("Document Currency", "$19.50", "$7.25", kind="number", currency="$")
    assert of(propose(sniffed(*header(LINE).columns, signed)), "order_lines", "currency").source_name


def test_an_id_made_for_an_export_gives_way_to_the_number_that_people_use() -> None:
    line = "partner_id:name | product_id:name | product_uom_qty:number | commitment_date:date"
    assert sources(propose(header(f"id:made | name:code | {line}")))["order_lines", "order_id"] == "name"
    assert sources(propose(header(f"id:code | {line}")))["order_lines", "order_id"] == "id"


# What is understood without being listed


def test_a_name_put_together_of_known_words_is_understood() -> None:
    agreed = propose(header(f"{ORDER} | Our Agreed Delivery Day:date"))
    assert of(agreed, "order_lines", "promised_date").source_name == "Our Agreed Delivery Day"
    for name, wanted in {
        "Customer Wanted Delivery Date": ("order_lines", "requested_date"),
        "First Confirmed Delivery Date": ("order_lines", "first_promised_date"),
        "Tatsächliches Lieferdatum Kunde": ("deliveries", "delivered_date"),
    }.items():
        assert sources(propose(header(f"{LINE} | {name}:date")))[wanted] == name


def test_a_known_name_with_an_unknown_word_is_not_taken_for_it() -> None:
    for name in ("Delivery Date Recorded", "Promised Date Vendor", "Last Confirmed Date", "Invoice Due Date"):
        proposal = propose(header(f"{ORDER} | {name}:date"))
        assert not any(each.source_name == name and not each.question for each in proposal.columns), name


def test_brackets_paths_and_units_behind_a_name_leave_it_known() -> None:
    line = "Order No:id | Customer No:id | Item No:code"
    for name in ("Order Quantity in Sales Units", "Quantity (Order) (Order)", "Lines/Order Qty"):
        assert of(
            propose(header(f"{line} | {name}:number | Promised Date:date")), "order_lines", "quantity"
        ).source_name
    path = propose(
        header("order_id/name:code | partner_id/ref:code | product_id:name | Qty:number | Promised Date:date")
    )
    assert sources(path)["order_lines", "order_id"] == "order_id/name"
    assert sources(path)["order_lines", "customer_id"] == "partner_id/ref"
    in_transit = propose(header(f"{line} | Quantity in transit:number | Promised Date:date"))
    assert of(in_transit, "order_lines", "quantity").source_name is None
