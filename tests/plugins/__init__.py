"""pytest plugins of the gate, loaded by ``addopts`` in pyproject.toml."""
