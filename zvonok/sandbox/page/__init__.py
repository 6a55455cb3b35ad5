"""The sandbox's page: phones, mailboxes, the rail, the clock, the troubles, in one browser window on this machine."""
