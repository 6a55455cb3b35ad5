# What teachers get: a roll is late, a family disputes an absence.
duty-lesson = { $learners }, { $subject }
duty-place = { $day }, lesson { $number }, begins at { $starts }
duty-entry = { $day }, lesson { $number } ({ $subject })
duty-roll-late = The roll is not called yet
duty-roll-over = This roll waits no more
duty-roll-ask = { $minutes ->
    [one] The lesson began { $minutes } minute ago.
   *[other] The lesson began { $minutes } minutes ago.
} Please mark who is absent: /start
duty-roll-letter = The roll is not called: { $lesson }
duty-dispute-open = The family writes: the child is at school
duty-dispute-over = This is settled: the family's answer or the entry has changed
duty-dispute-ask = The journal says absent for this lesson. Please check where the child is, and correct the entry if it is wrong: /start
duty-dispute-letter = A family disputes an absence, { $day }
duty-why = This is about your work at the school. It comes to whoever gives this lesson or leads this class.
