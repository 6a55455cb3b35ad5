"""Words for each kind of subject: pure functions from a telling to the parts of a message."""
