"""Who may come in and how: accounts, logins, passwords, second factors, sessions, the identity provider."""
