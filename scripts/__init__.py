"""What the Makefile calls: preparing the environment, checks of the tree, the report on requirements."""
