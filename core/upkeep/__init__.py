"""What the journal knows of its own backups and does after a restore."""
