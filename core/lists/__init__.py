"""The office's lists beside the journal: what they change, bringing exactly that in, and taking it back."""
