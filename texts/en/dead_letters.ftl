# Dead letters: what the command line says.
dead-none = There are no dead letters with which anything can still be done. To see the others, too: zvonok dead-letters list --all
dead-none-at-all = There are no dead letters.
dead-line = { $number }  { $name } · { $channel } · { $kind }, { $day }
dead-why = {"          "}{ $at }: { $state }
dead-note-told-otherwise = ; told by another way
dead-note-late = ; it is too late to tell
dead-kind-attendance_day = absences
dead-kind-mark = mark
dead-kind-remark = remark or praise
dead-kind-homework = homework
dead-kind-notice = notice
dead-kind-timetable_day = timetable
dead-kind-control_work = control work
dead-kind-school_event = event
dead-kind-password_link = link to a new password
dead-kind-other = something else
dead-then = More of it: zvonok dead-letters show { $number }
  To send it again: zvonok dead-letters replay { $number } --why "what has changed"
dead-more = There are more. To go on: zvonok dead-letters list { $words }
dead-until = {"          "}It is worth telling until { $until }
dead-told-before = {"          "}The earlier message arrived and its correction did not: what the reader has is wrong.
dead-replay = {"          "}{ $at } to be sent again ({ $by }): { $why }
dead-replay-maybe-told = {"          "}{ $at } to be sent again although it may have arrived ({ $by }): { $why }
dead-would = It can be sent again, by { $channel }: zvonok dead-letters replay { $number } --why "what has changed"
dead-would-maybe-told = It may have arrived. To send it all the same: zvonok dead-letters replay { $number } --maybe-told --why "why"
dead-would-not = It cannot be sent again: { $why }.
dead-waits = It waits to be sent already, or is being sent.
dead-trace = The whole way: zvonok trace { $subject }
dead-replayed = { $count ->
    [one] To be sent again: { $count } message. Quiet hours are kept.
   *[other] To be sent again: { $count } messages. Quiet hours are kept.
}
dead-under-way = { $count ->
    [one] Waits to be sent already: { $count } message.
   *[other] Wait to be sent already: { $count } messages.
}
dead-refused = { $number }  { $name }: not sent, { $why }.
dead-refused-many = Not sent: { $count }, { $why }.
dead-maybe-told-then = To send also what may have arrived, add --maybe-told: somebody will get it twice.
dead-refusal-told = it did arrive
dead-refusal-told-otherwise = told by another way
dead-refusal-maybe-told = it may have arrived
dead-refusal-nothing-to-tell = there is nothing to tell any more
dead-refusal-time-passed = it is too late to tell
dead-number-unknown = “{ $number }”: there is no such message. Numbers are shown by zvonok dead-letters list
dead-number-doubtful = “{ $number }”: the numbers of several messages begin so. Write the whole number.
dead-reason-unknown = “{ $reason }”: there is no such reason. The codes stand in states.md, such as refused or retries-exhausted.
dead-which = Say what to send: numbers of messages, or options (--reason, --channel, --since, --school), and not both.
