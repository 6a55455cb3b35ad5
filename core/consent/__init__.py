"""The only owner of personal-data consent: texts, entries, what they come to."""
