"""Who answers for a pupil, from when to when: guardianships, court orders, coming of age."""
