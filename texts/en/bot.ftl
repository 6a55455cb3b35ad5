# Conversation in a messenger. Short, warm, neutral to the child's sex.

## Menu commands
bot-command-start = Lessons and roll call, my children
bot-command-help = How to use it
bot-command-why = Why messages come

## Joining
bot-stranger =
    Hello! This is the school's Zvonok: it tells you at once if your child is not at a lesson.

    To begin, send the code from the slip that the school gave you. For example: AB2CH-DE3FG.
bot-code-nearly =
    This looks like a code, but a code has { $length } characters: Latin letters and digits, without 0, 1, I and O.
    Please check it and send it again.
bot-offer = The code is right. It stands for:
bot-offer-ask =
    One more step, to be sure it is you. { $children ->
        [one] Write the child's date of birth,
       *[other] Write the date of birth of any of the children,
    } for example: 5.3.2014
bot-date-unclear = I could not read the date. Write day, month and year, for example: 5.3.2014
bot-linked = Done! This chat is linked to the journal: { $name }.
bot-linked-replaced = Your former chat in this messenger is disconnected: it opens nothing of yours any more.
bot-linked-parent =
    Messages from the school come here. If the child is not at a lesson, the message has buttons: one tap is an answer.
bot-left =
    { $school }. Somebody has shown a new code from a slip, and the journal is open in another chat now: messages from the school go there, and this chat is linked to it no more.

    If it was you, there is nothing to do. If not, call the school at once: it will close the access and hand out a new code.
bot-left-shared =
    { $school }. Somebody has shown a new code from a slip, and for one of those linked here the journal is open in another chat now. Nothing has changed for the others.

    If you do not know of it, call the school at once: it will close the access and hand out a new code.

## For parents
bot-parent-menu = You are in touch with the school. Recorded here:
bot-parent-menu-more =
    You need not write anything. What comes by itself, and how: “What is sent, and how”.
    Help: /help. Why messages come: /why
bot-parent-nobody = No pupil is recorded for this chat now. If this is a mistake, please write to the class teacher.
bot-also-parent = Messages about your children come to this chat too: { $children }.
bot-alert-stale = This button is not for you, or is out of date. Nothing has changed.
bot-thanks-ok = Thank you! It is noted that you know.
bot-thanks-ill = Thank you! Recorded: ill. The teacher will see it in the roll call. Get well soon!
bot-thanks-family = Thank you! Recorded: family reasons. The teacher will see it in the roll call.
bot-thanks-late = Thank you! Recorded: running late. The teacher will see it in the roll call.
bot-thanks-unaware = The teacher will see your answer in the roll call. Do not wait for that: call the child, then the school at once.
bot-thanks-at-school = Thank you! The teacher will see it in the roll and can check the entry. If in doubt, call the school at once.

## For teachers: lessons
bot-lessons-today = Your lessons today, { $day }:
bot-lessons-none = You have no lessons today, { $day }.
bot-lesson-line = { $number }. { $starts } · { $class_title } · { $subject }
bot-lesson-called = { $line } · roll called
bot-lesson-missed = { $line } · roll not called
bot-lesson-now = { $line } · on now
bot-lessons-choose = Choose a lesson.
bot-button-lesson = { $number } · { $class_title }
bot-button-lessons = Lessons

## For teachers: the roll call
bot-roll-heading = { $class_title } · { $subject }
bot-roll-when = Lesson { $number }, { $starts }–{ $ends }, { $day }
bot-roll-ask = Tap those who are not at the lesson. Once more: late; once more: here. Everyone else is here.
bot-roll-empty = This class has no pupils yet.
bot-roll-too-long = { $class_title } has too many pupils for one message. Please ask the school's office.
bot-hint-unaware = Attention! The parents do not know where the child is: { $names }
bot-hint-answers = Parents answered: { $answers }.
bot-hint-before = Not at the previous lesson (•): { $names }
bot-hint-expected = Known beforehand: { $names }
bot-expected = { $name } – { $reason ->
    [illness] ill, the family says
    [family] family reasons, the family says
    [olympiad] an olympiad, by order
    [competition] a competition, by order
    [duty] on duty, by order
    [event] an event, by order
   *[other] { $by ->
        [released] by order
       *[announced] the family says
    }
}{ $last ->
    [today] {""}
   *[later] , until { $until }
}
bot-answer = { $name } – { $reasons }
bot-reason-ill = ill
bot-reason-family = family reasons
bot-reason-late = running late
bot-reason-unaware = the parents do not know where the child is
bot-reason-at-school = the child is at school, this is a mistake
bot-button-absent = { $code } · { $name }
bot-button-late = late { $minutes } · { $name }
bot-button-before = • { $name }
bot-button-as-last = As at the previous lesson
bot-button-done = { $late ->
    [0] { $absent ->
        [0] All here
       *[other] Done: { $absent } absent
    }
   *[other] { $absent ->
        [0] Done: { $late } late
       *[other] Done: { $absent } absent, { $late } late
    }
}
bot-button-undo = Undo
bot-button-edit = Correct
bot-button-page = Roll call on a page
bot-button-open = Open the roll call
bot-recorded-toast = Recorded
bot-recorded-already = This roll call is recorded already. To change it, press "Correct".
bot-recorded-present = Recorded: all present.
bot-recorded-absent = { $absent ->
    [one] Recorded: { $absent } absent.
   *[other] Recorded: { $absent } absent.
}
bot-parents-later = Parents will be told in { $wait }, at { $clock }. Until then you can press "Undo", and nobody will get anything.
bot-parents-at-once = Parents are being told now. If this is a mistake, press "Correct": they will see the correction.
bot-parents-by-hand = By this school's rule the teacher tells the family of an absence. Please write to the parents or call them yourself. The journal tells them in the evening, and at once only those who chose so themselves.
bot-parents-unreached =
    The message will reach nobody in the family of: { $names }
    Please call them yourself or tell the class teacher.
bot-parents-corrected = The parents concerned will be told of the change.
bot-wait-seconds = { $seconds } s
bot-wait-minutes = { $minutes } min
bot-day-of-year = { $day } { $year }
bot-undone-toast = Taken back
bot-undone = Taken back: this lesson has no roll call again.
bot-undone-back = Taken back. It stands again as before:
bot-undone-parents-wait = If less than { $wait } have passed since "Done", no parent has heard of it. If more, they get the correction too.
bot-undone-parents = If a message has already gone to a parent, a correction will follow.
bot-button-stale = This button is out of date, or not yours. Nothing has changed. Open the lessons again: /start

## Help
bot-help-teacher =
    For teachers. Write «урок» (a lesson) or /start: the roll call of the current lesson opens.
    Tap those who are absent, then "Done". If everyone is there, press "All present".
    A mistake? "Undo" takes the record back, "Correct" opens the list again: parents will see the correction.
    Parents' answers stand in the roll call. Whether a new one has come shows when you open it or tap a name.
bot-help-parent =
    For parents. If the child is not at a lesson, a message comes by itself. Answer with a button under it: OK, ill, family reasons, running late, that the child is at school and it is a mistake, or that you do not know where the child is.
    If the teacher corrects the record, the message is corrected too.
    Why messages come: /why
bot-help-stranger =
    This chat is not linked to the journal yet. Send the code from the slip that the school gave you.
    If you have no slip: parents get one from the class teacher, staff from the school's administrator.
bot-why =
    Messages come here because you are on record as a guardian.
    { $school }:
bot-why-when =
    When a teacher marks that the child is not at a lesson, the message leaves { $seconds ->
        [0] at once
        [one] in { $seconds } second
       *[other] in { $seconds } seconds
    }.
    One message a day about a child; if something changes, that message is corrected.
bot-why-none = No messages about children come here: no pupil is recorded for this chat.

## What the bot does not do
bot-private-only = Zvonok speaks in private chats only: school matters are not for a group. Please write to me privately.
bot-text-only = I understand only text and buttons. To begin: /start
bot-edited = I do not read an edited message again. Please send it as a new one.
bot-forwarded = I do not take forwarded messages. If it is your own code, please type it yourself.
bot-apology = Sorry, something broke on our side, and your last action could not be answered. Open /start and check what is recorded.
bot-parent-unread =
    Nobody at school will see this text: the bot passes no letters on. Please write to the teacher or the class teacher yourself.

    To explain an absence, press a button under the message about it. Everything else is below.
