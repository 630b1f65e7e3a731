"""What did this meeting decide, and how did the month stand?"""

from sop import page

taken, closed = page.query("decisions/taken"), page.how_it_was_closed()
page.title(__doc__, page.of_the_meeting(taken, closed))
page.close_the_meeting(taken, closed)
