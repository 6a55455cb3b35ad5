"""What holds for the whole tree: its shape, its walls, its reasons, its tools."""
