"""The web server around the pages: who is let in, what every answer says, what it takes in, and what it writes down."""
