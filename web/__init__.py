"""Pages for browsers: a notice behind the link of a letter. GET and HEAD never change anything."""
