# For teachers in the messenger: marks, remarks and praise, homework, notices to a class. Names are left as they are.

## Buttons
teacher-button-marks = Marks
teacher-button-remarks = Remark / praise
teacher-button-homework = Homework
teacher-button-lesson = To the lesson
teacher-button-class-list = To the class list
teacher-button-class-notices = Notices · { $class_title }
teacher-button-notices = To the notices
teacher-button-write-to-class = Write to a class
teacher-button-classes = To the classes
teacher-button-send = Send
teacher-button-record = Record
teacher-button-rephrase = Other words
teacher-button-reword = Write it anew
teacher-button-more = Write another
teacher-chosen = ✓ { $label }

## For all
teacher-quote = “{ $text }”
teacher-retype = To change it, send the text again: it takes the place of this one.
teacher-sent = Sent.
teacher-sent-toast = Sent
teacher-sent-already = This was sent already. Nothing goes out twice.
teacher-view-old = The text has changed since, so nothing was sent. This is what it looks like now.
teacher-silent-until = Until { $clock } you can press “{ $button }”, and nothing is sent to anybody. Later those who were told get a correction.
teacher-told-at-once = If the family has consented, it learns of it as it chose: at once, in the evening, or from the diary. A mistake? Press “{ $button }”: those who were told get a correction.
teacher-notice-told-at-once = It is on its way to the families. If it was a mistake, press “{ $button }”.

## Help
teacher-help =
    Under a roll call there are “Marks”, “Remark / praise” and “Homework”. A mark is two taps: the name and the figure. The rest is shown before it goes.
    The week's timetable, with substitutions, moves and events: “To the lessons”, “Week”.
    Class teachers: “To the lessons”, then “Notices”: write to the families of the class and see who has signed, and whom it did not reach. The administration: “Lessons”, “Write to a class”, any class.

## A text that nobody asked for
teacher-unasked = This text was recorded nowhere and sent to nobody.
teacher-unasked-how = Press what you want to write, and send the text again.
teacher-unasked-lesson =
    Lesson: { $lesson }
    If you need another one, press “Lessons”.
teacher-unasked-no-lesson = Homework, remarks and praise belong to a lesson that has begun: “Lessons”.

## Without lessons
teacher-lessons-administration = You may write a notice to the families of any class: “Write to a class”.
teacher-lessons-never = The timetable has no lessons of yours. Notices are written by class teachers and the school's administration.
teacher-classes-choose = Which class? Its notices open, and there you can write a new one.
teacher-classes-none = The journal has no classes yet: the office enters them together with the lists.
teacher-classes-of-school = { $class_title } · { $school }
teacher-classes-before = ‹ Younger
teacher-classes-after = Older ›

## Marks
teacher-mark-work = Kind of work: { $work }.
teacher-mark-whom = Who gets a mark?
teacher-mark-which = Which mark? It is recorded at once.
teacher-mark-which-missed = Which mark? The bot asks once more before it records it.
teacher-mark-missed-ask = { $name } is absent from this lesson. Give a mark for the missed topic?
teacher-mark-missed-kept = Mark: { $mark }. The absence stays in the journal.
teacher-mark-missed-yes = Yes, give { $value }
teacher-mark-missed-back = ‹ Back
teacher-mark-said = { $value } ({ $work })
teacher-mark-stands = Now: { $marks }
teacher-mark-absent = Absent from this lesson.
teacher-mark-button-absent = н · { $name }
teacher-mark-button-marked = { $name } · { $marks }
teacher-mark-open = Change { $mark }
teacher-mark-change = Which mark shall stand instead of { $mark }?
teacher-mark-take-back = Take the mark back
teacher-mark-restore = Back to { $value }
teacher-mark-given = Recorded: { $name } – { $mark }.
teacher-mark-given-missed = This mark is for the missed topic; the absence from the lesson stays in the journal.
teacher-mark-given-once = A mark was given by this button already, and taken back since. To give a new one, choose the name again.
teacher-mark-corrected = Corrected: { $name } – was { $before }, now { $mark }.
teacher-mark-same = It was so already: { $name } – { $mark }.
teacher-mark-taken-back = Taken back: { $name } – { $mark }.
teacher-mark-taken-back-told = If parents were told of this mark, they get a correction.
teacher-mark-corrected-told = If parents were told of this mark, they get a correction.

## Remarks and praise
teacher-remark-kind = Remark
teacher-praise-kind = Praise
teacher-remark-whom = Who is the remark about?
teacher-praise-whom = Who is to be praised?
teacher-remark-heading = Remark · { $class_title }, { $name }
teacher-praise-heading = Praise · { $class_title }, { $name }
teacher-remark-words = Choose a ready phrase or write your own in one message. You can look at it before it is sent.
teacher-remark-phrase-1 = No homework
teacher-remark-phrase-2 = No exercise book or textbook
teacher-remark-phrase-3 = Inattentive in class
teacher-remark-phrase-4 = Disturbs the lesson
teacher-remark-phrase-5 = A phone during the lesson
teacher-remark-phrase-6 = Late for the lesson
teacher-praise-phrase-1 = Excellent work in class
teacher-praise-phrase-2 = Active, with interesting answers
teacher-praise-phrase-3 = Real progress, keep it up!
teacher-praise-phrase-4 = A task done with care
teacher-praise-phrase-5 = Help for classmates
teacher-praise-phrase-6 = Creative, independent work
teacher-remark-readers = { $count ->
    [0] The journal knows no adult who may be told of it. It stays in the diary.
   *[other] Parents and guardians on record who will see it: { $count }.
}
teacher-remark-when = { $seconds ->
    [0] After “Send” the family, if it has consented, learns of it as it chose: at once, in the evening, or from the diary.
   *[other] After “Send” it waits { $seconds } s in case of a mistake. Then the family, if it has consented, learns of it as it chose: at once, in the evening, or from the diary.
}
teacher-remark-take-back = Remove from the diary
teacher-remark-told-at-once = If the family has consented, it learns of it as it chose: at once, in the evening, or from the diary. A mistake? Press “{ $button }”: those who were told get a correction.
teacher-remark-as-sent = The words of a sent entry cannot be changed: remove it and write it anew.
teacher-remark-withdrawn = The entry is out of the diary. Whoever was told of it gets a correction.
teacher-remark-no-picture = Photos and files do not go into the diary. Write it in words or choose a phrase by its button.
teacher-remark-no-forward = Forwarded messages are not taken. Write it in your own words or choose a phrase by its button.

## Homework
teacher-homework-heading = Homework · { $class_title } · { $subject }
teacher-homework-stands = Given at this lesson:
teacher-homework-due = For the lesson: { $day }
teacher-homework-due-never = The timetable has no later lesson for which it could be given.
teacher-homework-ask = Write the homework in one message, or press “Nothing set”.
teacher-homework-again = To replace it, write a new one in one message.
teacher-homework-nothing = Nothing set
teacher-homework-replaces = It will replace what was given at this lesson before.
teacher-homework-drop = Remove the homework
teacher-homework-dropped = The homework is removed: nothing is said about this lesson. Whoever was told of it gets a correction.
teacher-homework-told = Families who get a message about it: { $how }.
teacher-reach-now = at once – { $count }
teacher-reach-daily = once a day, in the evening – { $count }
teacher-homework-others = The other families ({ $count }) see it when they open the diary.
teacher-homework-untold = Nobody gets a message about it: no family of this class is sent homework now. It is seen in the diary.
teacher-homework-reach-unknown = It is seen in the diary. A message about it goes only to the families who chose to get it.
teacher-homework-mistake = A mistake? Press “{ $button }” or “Correct”: those who were told get a correction.
teacher-homework-no-picture = A photo does not go into homework. Write it in words: paragraph, pages, numbers.
teacher-homework-no-forward = Forwarded messages are not taken. Copy the text and send it yourself.

## Notices to a class
teacher-notices = Notices · { $class_title }
teacher-notices-none = None so far. Every family gets a notice in its own chat or by letter; the answers gather on a board.
teacher-notice-new = Notice to the class
teacher-notice-to = Notice · { $class_title }
teacher-notice-what = What do you need from the families?
teacher-notice-ask-read = To read it
teacher-notice-ask-confirm = To confirm that they read it
teacher-notice-ask-sign = To sign it
teacher-notice-asks-read = The families read it; no answer is needed.
teacher-notice-asks-read-until = The families read it; no answer is needed. It matters until { $day }.
teacher-notice-asks-confirm = The families confirm that they have read it.
teacher-notice-asks-confirm-until = The families confirm that they have read it. Last day: { $day }.
teacher-notice-asks-sign = The families sign or refuse.
teacher-notice-asks-sign-until = The families sign or refuse. Last day: { $day }.
teacher-notice-words =
    Write the notice in one message. The first line is its title, up to { $longest } characters; then the text.

    You can look at it before it is sent.
teacher-notice-title-taken =
    Title: { $title }

    Now write the text itself.
teacher-notice-until-when = Until which day do you wait for answers? Press one or write a date, such as { $figures }
teacher-notice-tomorrow = Tomorrow, { $day }
teacher-notice-three = In three days, { $day }
teacher-notice-week = In a week, { $day }
teacher-notice-whenever = No last day
teacher-notice-other-day = Another day
teacher-notice-type-day = Write the last day for an answer, such as { $figures } or { $words }.
teacher-notice-families = For families: { $count }. Whom it does not reach, the board “Who has answered” shows.
teacher-notice-alone = Without an adult in the journal (nobody will read it): { $count }.
teacher-notice-other-year = That is in { $year } already. If you meant another day, press “Another day”.
teacher-notice-check = Look it over and press “Send”.
teacher-notice-press = The notice is not sent yet, and its text is as it was. Press “Send” or “Write it anew”.
teacher-notice-drop = Do not send
teacher-notice-dropped = The notice was not sent. Nobody got anything.
teacher-notice-sent = Sent. Families: { $count }. Whom it does not reach, “Who has answered” shows.
teacher-notice-board = Who has answered
teacher-notice-withdraw = Withdraw
teacher-notice-withdraw-really = Withdraw the notice “{ $title }”? Nobody will be able to answer it, and those who got it will see that it is off.
teacher-notice-withdraw-yes = Yes, withdraw
teacher-notice-withdraw-no = No, keep it
teacher-notice-withdrawn-toast = The notice is withdrawn
teacher-notice-line-withdrawn = withdrawn
teacher-notice-line-read = for information
teacher-notice-line-answered = answered { $answered } of { $pupils }
teacher-notice-line-until = last day: { $day }
teacher-notice-no-picture = Photos and files cannot go with a notice. Write it in words.
teacher-notice-no-forward = Forwarded messages are not taken. Copy the text and send it yourself.

## The board of a notice
teacher-board-title = { $class_title } · { $title }
teacher-board-published = Published: { $day }, { $clock }
teacher-board-withdrawn = The notice is withdrawn; it can be answered no more.
teacher-board-refresh = Refresh
teacher-board-at = The board at { $clock }, { $day }. New answers will show when you press “{ $button }”.
teacher-board-read = Sent: { $told } of { $pupils }.
teacher-board-confirm = Confirmed { $answered } of { $pupils }.
teacher-board-sign = Signed { $answered } of { $pupils }.
teacher-board-names-read = Answered ({ $count }): { $names }
teacher-board-names-confirm = Confirmed ({ $count }): { $names }
teacher-board-names-sign = Signed ({ $count }): { $names }
teacher-board-names-seen = Pressed “Got it” ({ $count }): { $names }
teacher-board-names-told = Sent ({ $count }): { $names }
teacher-board-names-not-yet = Sent, no answer yet ({ $count }): { $names }
teacher-board-names-waiting = On its way ({ $count }): { $names }
teacher-board-names-unsure = May have arrived, but nothing confirms it – better ask ({ $count }): { $names }
teacher-board-split = The adults answered differently ({ $count }):
teacher-board-split-by = { $name }: signed – { $signed }, refused – { $refused }
teacher-board-refused = Do not sign ({ $count }):
teacher-board-refused-by = { $name }: { $adults }
teacher-board-unreached = Not reached ({ $count }):
teacher-board-unreached-because = { $reason }: { $names }
teacher-board-no-family = the journal knows no adult who may be told
teacher-board-unknown = not sent yet

## Refusals
refusal-classes-not-yours = Only the administration writes to any class. The notices of your own class are under the lessons: /start
refusal-notice-first-line-long = The first line is the title. It has { $seen } characters, and may have { $longest }. Begin with a short line and write the rest on the next.
refusal-last-day-unclear = This is no date we could read. Write day and month, such as { $figures } or { $words }.
refusal-last-day-gone = { $day }: that day is over. Write today or a later day, not later than { $farthest }.
refusal-last-day-far = That is { $day }, after the end of the school year. Write another day, not later than { $farthest }.
