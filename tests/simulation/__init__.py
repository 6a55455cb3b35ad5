"""Crash-point simulations in virtual time; marked deep."""
