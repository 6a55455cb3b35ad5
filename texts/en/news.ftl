# Messages to parents about marks, remarks, praise, homework and notices. Warm, short, neutral to the child's sex.
news-day-of-year = { $day } { $year }
news-item = • { $line }
news-lesson = { $day }, lesson { $number }
news-mark-new = A new mark
news-mark-changed = Corrected: a mark
news-mark-withdrawn = Corrected: a mark was taken back
news-mark-line = { $subject }: { $value } ({ $work })
news-mark-line-changed = { $subject }: was { $was }, is { $value } ({ $work })
news-mark-line-withdrawn = { $subject }: mark taken back ({ $work })
news-mark-line-withdrawn-was = { $subject }: mark { $was } taken back ({ $work })
news-remark-new = A teacher's remark
news-remark-withdrawn = Corrected: a remark was taken back
news-praise-new = A teacher's praise
news-praise-withdrawn = Corrected: a teacher's entry was taken back
news-quote = “{ $text }”
news-remark-author = { $author }
news-remark-author-lesson = { $author }, { $subject }
news-homework-new = Homework: { $subject }
news-homework-changed = Homework changed: { $subject }
news-homework-withdrawn = Homework cancelled: { $subject }
news-homework-due = For the lesson: { $day }
news-notice-new = Notice: { $title }
news-notice-withdrawn = Notice withdrawn: { $title }
news-notice-author = { $author }
news-notice-confirm = Please confirm that you have read this.
news-notice-confirm-until = Please confirm that you have read this. The last day is { $day }.
news-notice-sign = Your signature is needed.
news-notice-sign-until = Your signature is needed. The last day is { $day }.
news-notice-own-confirmed = You confirmed: read.
news-notice-own-signed = You signed. Thank you!
news-notice-own-refused = You answered that you do not sign. The class teacher can see it.
news-button-confirm = I have read it
news-button-sign = Sign
news-button-refuse = Do not sign
news-button-change = Change my answer

letter-subject-news = News from school: { $name }, { $day }
letter-subject-notice = A notice from school: { $title }
letter-subject-notice-withdrawn = Notice withdrawn: { $title }
letter-subject-digest = News from school, { $day }: { $names }
letter-notice-teacher = You can answer in the school's chat or through the class teacher.
letter-notice-link = You can answer on the school's page. Until you press a button there, nothing is signed.
letter-link = Open and answer

digest-title = News from school, { $day }
digest-line = • { $line }, { $day }
digest-absence = • { $title }, { $day }
digest-remark = • { $title }: “{ $text }” ({ $where })
digest-homework = • { $title }. { $due }
digest-notice = • { $title }, { $day }
digest-more = { $count ->
    [one] And { $count } more entry: it is in the diary or among the notices, /diary and /notices
   *[other] And { $count } more entries: they are in the diary and among the notices, /diary and /notices
}
digest-why = News is put together into one letter, once a day or once a week, when there is any. You can change that in the school's chat: “What to send and how”. If you have no chat, the class teacher gives out the code for it.
