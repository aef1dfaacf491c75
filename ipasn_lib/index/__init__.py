"""From a person's record to points, and from points to groups that are safe to show."""
