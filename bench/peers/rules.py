"""What the SQL of the pages says in words, for those who answer the same in another language."""

from __future__ import annotations

PLENTY = 1_000
"""The most rows that a table shows."""

RUNGS = {
    "to current promise": ("current_kept_count", "current_due_count"),
    "to first promise": ("kept_count", "due_count"),
    "to first promise, no tolerance": ("strictly_kept_count", "due_count"),
    "to request, no tolerance": ("request_strictly_kept_count", "request_due_count"),
    "whole orders to request": ("order_request_kept_count", "order_request_due_count"),
    "whole orders, cancelled missed": ("order_cancelled_kept_count", "order_cancelled_due_count"),
}
"""The rungs of the ladder with the counts of kept and due, as in overview/ladder.sql."""

CAUSES = {
    "promised inside lead time": ("ask to promise", "inside_lead_time_count"),
    "not seen coming": ("ask to promise", "not_seen_coming_count"),
    "no room in the plan": ("promise to plan", "without_room_count"),
    "reason given": ("plan to delivery", "reason_given_count"),
    "not explained": ("plan to delivery", None),
}
"""The causes with their handover and the count of their evidence, as in overview/causes.sql."""
