"""What do we say to the room, one message at a time?"""

from sop import page

page.present()
