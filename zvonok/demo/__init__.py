"""The sample school, and the scenario that plays the main job without a person."""
