"""Are the extracts in, complete and fresh?"""

from sop import findings, page

if page.is_published():
    known = page.row("overview/snapshot")
    page.title(__doc__, findings.of_the_extracts(known, page.query("prepare/extracts")))
else:
    page.title(__doc__, "Nothing is published yet: bring order lines and deliveries")
page.bring_files()
if page.is_published():
    page.extracts_in()
page.history(page.snapshots_named())
