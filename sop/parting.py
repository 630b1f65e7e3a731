"""What the decision log says of the sample company is not shown beside one's own company, nor the other way round."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import pyarrow as pa
import pyarrow.compute as pc

from sop import sample_company
from sop.snapshots import Home


def others(home: Home, snapshot: str) -> set[str]:
    """The snapshots of the other company: the sample's beside one's own, and the other way round."""
    known = {manifest.id: sample_company.is_sample(manifest) for manifest in home.history()}
    return {one for one, is_sample in known.items() if is_sample != known.get(snapshot, is_sample)}


def of_the_same_company(home: Home, snapshot: str, logged: Mapping[str, pa.Table]) -> Mapping[str, pa.Table]:
    """The log's tables without what was written in sight of the other company's snapshots, and what belongs to it.

    `logged` as following_up.read has it. A snapshot that is not there any more tells nothing, and what stands on it is kept.
    """
    of_others = others(home, snapshot)
    if not of_others:
        return logged
    kept = {name: _without(table, "snapshot_id", of_others) for name, table in logged.items()}
    for parent, column in (("logged_decisions", "decision_id"), ("logged_actions", "action_id")):
        gone = set(logged[parent]["id"].to_pylist()) - set(kept[parent]["id"].to_pylist())
        kept = {name: _without(table, column, gone) for name, table in kept.items()}
    return kept


def _without(table: pa.Table, column: str, values: Collection[object]) -> pa.Table:
    """The rows whose column has none of the values; the table as it is where it has no such column."""
    if column not in table.column_names or not values:
        return table
    kind = table.schema.field(column).type
    return table.filter(pc.invert(pc.is_in(table[column], value_set=pa.array(list(values), kind))))
