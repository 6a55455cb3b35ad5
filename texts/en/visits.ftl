# Visits to the journal.
refusal-visits-days = The last day lies before the first.
