"""Tests: unit (pure), integration (real servers), acceptance (whole processes), simulation (the long runs)."""
