"""Event → who must know → when → what text → send → outcome → receipt."""
