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
duty-roll-begun = The lesson has begun
duty-roll-soon = The roll is not called yet
duty-roll-ask-by = Please mark who is absent by { $until }: /start
school-rolls-late = { $count ->
    [one] { $count } lesson without a roll call
   *[other] { $count } lessons without a roll call
}
school-rolls-over = All rolls are called
school-rolls-ask = The bot shows the school now: /start
school-rolls-letter = Lessons without a roll call, { $day }
morning-title = The school's morning, { $time }
morning-there = { $present } of { $enrolled } are there.
morning-called = Rolls were called in { $called } of { $classes } classes.
morning-late = { $count ->
    [0] All rolls are in time.
   *[other] Lessons without a roll call: { $count }.
}
morning-changed = { $changed ->
    [0] No substitutions, no cancelled lessons.
   *[other] Substitutions: { $substituted }, cancelled lessons: { $cancelled }.
}
morning-more = The bot shows who it is, and whom nobody has reached: /start
morning-letter = The school's morning, { $day }
school-duty-why = This is about your work at the school. It comes to the director and the deputies.
