"""What is set for a school year: calendar and bells, rooms, subjects, plans, groups, load; whether all is ready."""
