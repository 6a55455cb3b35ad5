"""Adapters that carry a ready message to one channel; they know nothing of schools."""
