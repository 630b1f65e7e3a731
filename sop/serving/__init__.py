"""The web server around the pages: what every answer says, what it takes in, and what it writes down."""
