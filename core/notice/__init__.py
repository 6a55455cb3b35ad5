"""What a class teacher tells or asks the families of a class, and who answered."""
