"""The HTTP API of the journal: each address declared once, and served, described and shown from that declaration."""
