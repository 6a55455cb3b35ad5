"""All that a person reads: Fluent files, and the small reader of them."""
