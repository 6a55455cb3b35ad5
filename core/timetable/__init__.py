"""The timetable as it is stored: weekly slots, dated lessons, and whatever changes them."""
