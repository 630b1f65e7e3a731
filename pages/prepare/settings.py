"""What does the company hold itself to?"""

from sop import page

standing = page.settings_as_they_stand()
page.title(__doc__, page.since_when(standing), page.where_they_stand())
page.what_came_of_it()
page.change_settings(standing)
page.work_out_anew(standing)
page.switch_company()
page.how_settings_changed()
