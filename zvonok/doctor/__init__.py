"""``zvonok doctor``: what an installation stands on, looked at part by part; nothing is sent and nothing changed."""
