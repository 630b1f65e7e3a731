"""Who did what, and when?"""

from sop import page

page.title(__doc__)
entries = page.audit_trail()
if entries is not None:
    page.say_whether_it_is_whole()
    page.audit_entries(entries)
