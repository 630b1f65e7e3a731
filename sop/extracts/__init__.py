"""From a stranger's file to typed rows and a report: read, map, check."""
