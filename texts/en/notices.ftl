# Notices to a class and consents: refusals of the journal. One sentence on what is wrong, and what to do.
refusal-class-gone = There is no such class in the journal. Open the list again: /start
refusal-class-not-yours = Notices to { $class_title } are written by its class teacher and the administration.
refusal-class-empty = There are no pupils in { $class_title }: there is nobody to tell.
refusal-notice-unknown = There is no such notice, or it is not meant for you.
refusal-notice-title-needed = The notice has no title. Write one line, up to 100 characters.
refusal-notice-title-too-long = The title is too long: { $seen } characters, and { $longest } is the most. Shorten it; the rest belongs into the text.
refusal-notice-text-needed = The notice has no text. Write what parents need to know.
refusal-notice-text-too-long = The text is too long: { $seen } characters, and { $longest } is the most. Shorten it or make it two notices.
refusal-notice-last-day-past = The last day for an answer is over already. Choose today or later.
refusal-notice-withdrawn = The school has taken this notice back; no answer is needed.
refusal-notice-too-late = The last day for an answer is over. If your answer still matters, write to the class teacher.
refusal-notice-text-changed = The text of the notice has changed. Please read it again, then answer.
refusal-notice-asks-otherwise = This notice is not answered that way. Open it again and choose from what it offers.
refusal-guardian-unknown = The journal knows no such parent or guardian of this pupil.
refusal-consent-not-yours = A consent on paper is entered by the office, the class teacher or the administration; an electronic one is given by the parent alone.
refusal-consent-date-ahead = The date of the consent is still ahead. Give today or an earlier day.
