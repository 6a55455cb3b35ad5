"""Who did what, kept unbroken: the chain, its check, breach notices, voiding what a stranger did."""
