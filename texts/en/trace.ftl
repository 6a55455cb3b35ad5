# The way of a message: what happened, who was to be told and how, what came of it.
trace-nothing = Nothing found: there were no events, or no event, subject or pupil is named so.
trace-event = { $day } · { $subject } · version { $version } · event { $event } · { $at }
trace-absences = { $count ->
    [0] No absences now.
    [one] Absent from { $count } lesson now.
   *[other] Absent from { $count } lessons now.
}
trace-about-mark = A mark.
trace-about-remark = A remark or praise.
trace-about-homework = Homework.
trace-about-notice = A notice.
trace-followers = Adults whom it concerns: { $count }.
trace-thread = { $name } · { $channel } · { $purpose }: { $state }, told version { $told } of { $want }
trace-thread-reason = { $name } · { $channel } · { $purpose }: { $state } ({ $reason }), told version { $told } of { $want }
trace-attempt = { $at } · { $act }, version { $version }: { $outcome }
trace-attempt-reason = { $at } · { $act }, version { $version }: { $outcome } ({ $reason })
trace-receipt = { $at } · reader's answer: { $kind }
trace-receipt-detail = { $at } · reader's answer: { $kind } ({ $detail })
trace-act-send = send
trace-act-edit = correction
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
trace-purpose-alert = first way
trace-purpose-fallback = fallback
trace-channel-telegram = Telegram
trace-channel-mail = mail
trace-channel-none = no way
trace-kind-read = read
trace-kind-acknowledged = got it
trace-kind-explained = reason
trace-detail-ill = ill
trace-detail-family = family reasons
trace-detail-late = late
trace-detail-unaware = does not know where the child is
trace-detail-confirmed = read
trace-detail-signed = signed
trace-detail-refused = refused to sign
