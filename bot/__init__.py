"""Conversation in a messenger with teachers and parents."""
