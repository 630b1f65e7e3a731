-- Sets the day that the extracts speak for to $day, where none was given.
update snapshot
set as_of_date = coalesce(snapshot.as_of_date, cast($day as date))
