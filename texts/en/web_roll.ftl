# The page of the roll call: in a browser after entering, and in a messenger's Mini App. Neutral to the child's sex.
# The page itself puts { $n } and its kin in, so the words beside them do not change.
web-roll-title = Roll call
web-roll-lessons = Lessons of the day
web-roll-nothing = There is no roll to call today: you have no more lessons.
web-roll-how = One tap: not at the lesson. Again: late. Again: here. Hold a late one to change the minutes.
web-roll-plain = Choose who is absent or late. Everybody else is recorded as present.
web-roll-not-yours = Another teacher calls the roll of this lesson. Here you can only look at it.
web-roll-cancelled = This lesson is not held, and no roll is wanted.
web-roll-empty = There are no pupils here yet.
web-roll-last = As at the last lesson
web-roll-clear = Take all marks off
web-roll-button = Done
web-roll-minutes-less = Less by { $n }
web-roll-minutes-more = More by { $n }
web-roll-minutes-close = Close
web-roll-here = here
web-roll-late = late { $minutes } min
web-roll-choice-late = late
web-roll-left = left before the end
web-roll-absent-is = not at the lesson: { $code }
web-roll-late-brief = { $minutes } min
web-roll-left-brief = left
web-roll-minutes-of = Minutes late: { $name }
web-roll-known = { $reason ->
    [illness] ill, says the family
    [family] family reasons
    [olympiad] olympiad, by order
    [competition] competition, by order
    [duty] on duty, by order
    [event] event, by order
   *[other] { $by ->
        [released] by order
       *[announced] says the family
    }
}
web-roll-answered = family: { $reason }
web-roll-before = not at the last lesson
web-roll-all = Everybody is here
web-roll-done = Done · absent: { $absent } · late: { $late }
web-roll-save = Save · marks: { $n }
web-roll-sending = Sending…
web-roll-waiting = Not sent yet
web-roll-recorded = Recorded. Absent: { $absent }, late: { $late }
web-roll-recorded-all = Recorded. Everybody is here
web-roll-unsent-call = The roll is not sent yet. It is kept in this phone and goes by itself when there is a network.
web-roll-unsent = Not sent yet, marks: { $n }. They are kept in this phone and go by themselves when there is a network.
web-roll-unsent-others = Not sent yet from other lessons: { $n }.
web-roll-forgets = This browser keeps nothing. Do not close the page before everything is sent.
web-roll-over = Your stay is over, and the journal does not know you. The marks are kept in this phone. Open the roll call from the school's chat again, or enter the site: they go by themselves.
web-roll-app-over = Your stay is over. Close this page and open the roll call from the school's chat again.
web-roll-refused = Not recorded: { $names }.
web-roll-overtaken = Marked later on another phone, and left so: { $names }.
web-roll-enter-title = Opening the roll call
web-roll-enter = One second…
web-roll-enter-away = There is no network, or the journal does not answer. Trying again…
web-roll-enter-nobody = The button “Roll call on a page” in the school's chat opens this page. In a usual browser, enter the site.
web-roll-enter-login = Enter the site
web-roll-home = Roll call
web-app-broken = The messenger did not say who opens the page. Close it and open it from the school's chat again.
web-app-forged = It was not your school's bot that opened this page. Open it from the school's chat.
web-app-old = This page was opened too long ago. Close it and open it from the school's chat again.
web-stay-app = By the Mini App in the chat, { $began }. Last seen { $seen }
refusal-app-for-employees = Teachers call the roll. Everything for families is in the school's chat.
