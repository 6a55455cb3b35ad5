"""Whole processes, as a school runs them."""
