"""Backups: one snapshot of all rooms, encrypted, verified; and the way back (docs/adr/0013-backup.md)."""
