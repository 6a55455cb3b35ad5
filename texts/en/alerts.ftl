# Messages to parents about an absence from a lesson. Short and kind: the fact first, then one thing to do.
alert-absent-title = { $count ->
    [one] Absent from a lesson
   *[other] Absent from lessons
}
alert-corrected-title = Corrected: the absence was taken back
alert-cleared-title = Updated: the reason for the absence is known
alert-changed-title = Corrected: absent from lessons
alert-pupil = { $name }, { $class_title }
alert-day = { $day }
alert-lesson-absent = • Lesson { $number }, { $starts } ({ $subject }): absent
alert-lesson-ill = • Lesson { $number }, { $starts } ({ $subject }): absent, ill
alert-lesson-excused = • Lesson { $number }, { $starts } ({ $subject }): absent for a valid reason
alert-lesson-exempt = • Lesson { $number }, { $starts } ({ $subject }): released from the lesson
alert-lesson-present = • Lesson { $number } ({ $subject }): present
alert-sorry = We are sorry to have troubled you.
alert-since = { $number ->
   *[other] since { $day }
}
alert-total = { $count ->
    [one] { $count } lesson missed { $since }.
   *[other] { $count } lessons missed { $since }.
}
alert-ask = Do you know the reason? Press a button: the teacher will see your answer in the roll call.
alert-acknowledged = You marked: got it.
alert-answer-ill = Your answer: ill. Thank you! The teacher will see it in the roll call.
alert-answer-family = Your answer: family reasons. Thank you! The teacher will see it in the roll call.
alert-answer-late = Your answer: on the way, late. Thank you! The teacher will see it in the roll call.
alert-answer-unaware = Your answer: I don't know where my child is. The teacher will see your answer when the roll call is opened. Please do not wait: call the school at once.
alert-answer-at-school = Your answer: the child is at school, this is a mistake. The teacher will see your answer in the roll and can check the entry. If in doubt, call the school at once.
alert-button-ok = Got it
alert-button-ill = Ill
alert-button-family = Family reasons
alert-button-late = Late
alert-button-unaware = I don't know where my child is
alert-button-at-school = The child is at school, this is a mistake
alert-button-chosen = ✓ { $label }

letter-subject-absent = Absent from a lesson: { $name }, { $day }
letter-subject-corrected = Corrected: { $name }, { $day }
letter-greeting = Hello!
letter-reply = Do you know the reason? Please tell the class teacher.
letter-why = You receive this letter because you agreed to get information about lessons at this address.
letter-signature = { $school }
