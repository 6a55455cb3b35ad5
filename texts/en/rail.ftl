# The way of an event on the sandbox's page: who did what, who was to be told, how it ended.
rail-act = { $who }: { $what }
rail-event = Written into the journal
rail-event-changed = Change written into the journal
rail-event-waits = Written into the journal; the gateway has not read it yet
rail-plan = Decided whom to tell: { $readers } adults (following the child: { $followers })
rail-plan-nobody = Nobody to tell: no adult follows the child
rail-plan-class = Decided whom to tell: { $readers } adults (following children of the class: { $followers })
rail-plan-class-nobody = Nobody to tell: no adult follows a child of the class
rail-flies = on its way
rail-waits = waits until { $at }
rail-waits-letter = waits for the evening letter, { $at }
rail-leg = { $way }: { $text }
rail-leg-before = before – { $way }: { $text }
rail-way-telegram = Telegram
rail-way-max = MAX
rail-way-mail = letter
rail-way-letter = evening letter
rail-accepted-telegram = message taken
rail-accepted-max = message taken
rail-accepted-mail = taken by the server

rail-head-told = { $due ->
    [1] told
   *[other] all told: { $due }
}
rail-head-some-wait = told { $told } of { $due }
rail-head-not-all = not all told: { $told } of { $due }
rail-head-missed = { $due ->
    [1] not told
   *[other] nobody told
}
rail-head-forbidden = not to be told
rail-head-unneeded = no need to tell
rail-head-nobody = nobody to tell
rail-count-told = told { $count }
rail-count-waits = { $what } — { $count }
rail-count-missed = not told { $count }
rail-count-forbidden = not to be told { $count }
rail-count-unneeded = no need { $count }

rail-send = sending
rail-edit = correction of the message
rail-lesson = { $title }, lesson { $number }

rail-receipt-read = read
rail-receipt-acknowledged = answer: understood
rail-receipt-explained = answer
rail-receipt-confirmed = answer: read and confirmed
rail-receipt-signed = answer: signed
rail-receipt-refused = answer: does not sign
rail-receipt-other = answer: { $kind }

rail-title-attendance-day = attendance, { $day }
rail-title-mark = mark { $value } · { $subject }, { $day }
rail-title-mark-taken-back = mark taken back · { $subject }, { $day }
rail-title-remark = { $kind ->
    [praise] praise, { $day }
   *[other] remark, { $day }
}
rail-title-homework = homework · { $subject }, for { $day }
rail-title-notice = notice “{ $name }”

rail-action-attendance-record = “{ $after }” in the roll
rail-action-attendance-record-undone = entry in the roll removed
rail-action-attendance-roll = roll call, absent: { $after }
rail-action-attendance-roll-undone = the roll call was taken back
rail-action-attendance-answer = a parent's answer: { $after }
rail-action-account-link = phone linked by a code
rail-action-mark-give = mark { $after }
rail-action-mark-correct = mark corrected: was { $before }, is { $after }
rail-action-mark-take-back = mark taken back
rail-action-remark-write = entry in the diary: { $after }
rail-action-remark-withdraw = entry in the diary withdrawn
rail-action-homework-set = homework
rail-action-homework-take-back = homework taken back
rail-action-notice-publish = notice published
rail-action-notice-answer = answer to the notice: { $after }
rail-action-notice-withdraw = notice withdrawn
rail-action-consent-record = consent recorded
rail-action-diary-open = diary opened: { $after }
rail-action-other = entry “{ $action }”

rail-value-confirmed = read and confirmed
rail-value-signed = signed
rail-value-refused = does not sign
rail-value-remark = remark
rail-value-praise = praise
