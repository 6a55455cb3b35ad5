"""The migrations, numbered; each is tested up from empty and over data."""
