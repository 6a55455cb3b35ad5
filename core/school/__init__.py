"""Authorities, schools and branches, and the rules that each of them keeps."""
