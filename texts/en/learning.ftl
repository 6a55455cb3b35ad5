# Refusals about marks, remarks, homework and the diary: what is wrong and what to do.
refusal-lesson-of-another-teacher = The teacher of the lesson and the administration keep this page of the journal.
refusal-class-of-another-teacher = The class teacher and the administration write to the families of this class.
refusal-lesson-ahead = Lesson { $number } in { $class_title } has not begun. You can write from the bell on.
refusal-pupil-of-another-class = This pupil is not on the list of { $class_title }. Nothing was recorded. Open the lesson again: /start
refusal-pupil-unknown = There is no such pupil in the journal. Open the list again: /start
refusal-mark-unusual = Marks go from { $lowest } to { $highest }. Nothing was recorded.
refusal-work-unknown = The journal has no kind of work "{ $work }". Nothing was recorded.
refusal-first-grade-unmarked = First grades have no marks. Nothing was recorded.
refusal-pupil-absent-from-lesson = This pupil is recorded as absent from the lesson. Nothing was recorded. If the topic was passed later, give the mark again and confirm that it is for the missed topic.
refusal-mark-unknown = There is no such mark in the journal. Open the lesson again: /start
refusal-mark-taken-back = This mark was already taken back. You can give a new one in the lesson's page.
refusal-text-needed = There is no text. Write it in words and send it again.
refusal-text-too-long = The text has { $seen ->
    [one] { $seen } character
   *[other] { $seen } characters
}, and { $longest } fit. Shorten it and send it again.
refusal-remark-pupil-gone = Today this pupil is not on the lists of the school. Nothing was recorded.
refusal-remark-unknown = There is no such entry in the diary.
refusal-remark-taken-back = This entry was already removed from the diary.
refusal-remark-of-another-teacher = Its author and the administration can remove an entry from the diary.
refusal-homework-no-lesson-ahead = The timetable of { $class_title } has no more lessons of "{ $subject_name }", so there is no lesson to set it for.
refusal-homework-too-late = The next lesson of "{ $subject_name }" in { $class_title } is today or over, so nothing can be set for it. Open the latest lesson and set it there.
refusal-homework-unknown = Nothing is set for this lesson, so there is nothing to take back.
refusal-homework-taken-back = This homework was already taken back.
refusal-diary-out-of-reach = The diary has no pages that far. Open it again: /start
