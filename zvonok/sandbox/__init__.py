"""Stand-ins for what lies outside this machine: a local Bot API and a mail catcher, at the wire."""
