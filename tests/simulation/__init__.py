"""Crash-point simulation: the gateway's own loops on a real PostgreSQL, in virtual time, with all that may go wrong.

A seed draws what happens, who dies or stands still at which effect, and what the provider answers; the oracle believes
the provider, the journal and the clock. How to teach it something new: ``docs/how-to/add-a-fault.md``.
"""
