# The way of a message: what happened, who was to be told and how, what came of it.
trace-unknown = "{ $what }": no pupil is named so, and no event has this number.
  You may give:
    a pupil's surname, given name, or both: zvonok trace "Иванова Анна"
    of namesakes, the class or the birth date as well: zvonok trace "Иванова Анна, 7Б"
    what this command prints itself in its last line: zvonok trace mark/…
trace-unknown-day = "{ $what }": there was no such event on that day. Ask without --day.
trace-no-day = "{ $day }" is no day. Write it so: 24.11.2026
trace-several = "{ $what }": { $count } pupils are named so. Which of them?
trace-adult = "{ $what }": this is an adult, and messages are looked for by pupil. Which one?
trace-choice = {"  "}{ $number }. { $pupil }: zvonok trace "{ $words }"
trace-choice-more = {"  "}…and { $count } more. Add a given name or a class.
trace-quiet = { $pupil }: nothing has happened yet that adults are told of.
trace-quiet-day = { $pupil }: nothing happened on { $day } that adults are told of.
trace-title-attendance = { $child } · absences, { $day }
trace-title-mark = { $child } · mark { $value } · { $lesson }, { $day }
trace-title-mark-taken-back = { $child } · mark taken back · { $lesson }, { $day }
trace-title-remark = { $kind ->
    [praise] { $child } · praise, { $day }
   *[remark] { $child } · remark, { $day }
}
trace-title-homework = { $group } · homework · { $lesson }, for { $day }
trace-title-notice = { $group } · notice "{ $title }", { $day }
trace-title-password-link = { $name } · link to a new password, { $day }
trace-recorded = Recorded on { $day } at { $clock } (record no. { $version }).
trace-ids = To ask for it again: zvonok trace { $subject } (event id { $event })
trace-absences = { $count ->
    [0] No absences now.
    [one] Absent from { $count } lesson now.
   *[other] Absent from { $count } lessons now.
}
trace-followers = Adults whom it concerns: { $count }.
trace-nothing-to-tell = There is nothing to tell them.
trace-not-read = The gateway has not come to this record yet.
trace-thread-untold = { $name } · no message: { $reason }
trace-thread = { $name } · { $channel }: { $state }, { $told }
trace-thread-reason = { $name } · { $channel }: { $state } ({ $reason }), { $told }
trace-channel-all-clear = { $channel } · all-clear
trace-channel-copy = { $channel } · copy by letter
trace-channel-second = { $channel } · second way
trace-told-nothing = told nothing
trace-told-all = told everything
trace-told-part = told record no. { $told }, the last is no. { $want }
trace-attempt = { $at } · { $act } (record no. { $version }): { $outcome }
trace-attempt-reason = { $at } · { $act } (record no. { $version }): { $outcome } ({ $reason })
trace-receipt = { $at } · reader's answer: { $answer }
trace-act-send = send
trace-act-edit = correction
trace-act-redraw = update after the answer
trace-outcome-open = outcome not known yet
trace-outcome-accepted = accepted
trace-outcome-deferred = deferred
trace-outcome-rejected = rejected
trace-outcome-unknown = nobody knows whether it arrived
trace-state-pending = waiting
trace-state-pending-until = waits until { $day }, { $clock }
trace-state-claimed = claimed
trace-state-sending = being sent
trace-state-accepted = accepted
trace-state-delivered = delivered
trace-state-bounced = bounced
trace-state-unknown = nobody knows whether it arrived
trace-state-failed = not sent
trace-state-suppressed = not to be sent
trace-state-expired = out of date
trace-channel-telegram = Telegram
trace-channel-max = MAX
trace-channel-mail = mail
trace-channel-none = no way
trace-kind-read = read
trace-kind-acknowledged = got it
trace-kind-explained = reason
trace-detail-ill = ill
trace-detail-family = family reasons
trace-detail-late = late
trace-detail-unaware = does not know where the child is
trace-detail-at-school = the child is at school, this is a mistake
trace-detail-confirmed = read
trace-detail-signed = signed
trace-detail-refused = refused to sign
