"""What did this meeting decide, and how did the month stand?"""

from sop import page

page.the_meeting(__doc__)
