"""Who learns in which class by date: orders of movement, the passing to a new year, the closing of the old one."""
