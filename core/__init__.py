"""The journal: facts, rules, rights, consents and audit. Writes each fact and its event in one transaction."""
