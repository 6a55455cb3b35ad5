# Consents to the processing of personal data: refusals of the journal, answers to the office, the form.
refusal-consent-purpose-needed = Say what the consent is for: achievement, attendance or both.
refusal-consent-date-not-today = An electronic consent holds from today on. Open it again and answer once more.
refusal-consent-until-of-refusal = A refusal has no last day: it holds until a new consent is given.
refusal-consent-until-before-since = The last day of the consent is before the first one. Mend the dates.
refusal-consent-paper-ref-too-long = Too long: say in { $longest } characters where the paper lies.
refusal-consent-paper-ref-needed = Say where the signed sheet lies: its number or its folder. Without it no consent is recorded.
refusal-consent-own-paper = Nobody records his own consent on paper: ask the office or the administration.
refusal-consent-withdrawn-himself = The parent has withdrawn the consent himself, electronically, on this very day. If a new sheet was signed since, record it with tomorrow's date.
refusal-consent-text-needed = An electronic consent is given to a published text. The school has not shown it yet: give the consent on paper.
refusal-consent-text-unknown = The school has no version { $version } of the text of the consent.
refusal-consent-text-changed = The text of the consent has changed. Please read it again, then answer.
refusal-consent-text-empty = There is no text of the consent in the file.
refusal-consent-text-too-long = The text of the consent is too long: { $seen } characters, and { $longest } is the most.
refusal-consent-needed = Your consent to the processing of personal data is missing now, so nothing is shown here. The school gives you all of it on paper. Please turn to the class teacher: the consent is signed there.
refusal-consent-of-family-needed = The family's consent to the processing of personal data is missing now, so nothing is shown here. The school gives you what you need on paper: please ask the class teacher.
refusal-link-no-consent = There is no consent to the processing of personal data, so the chat cannot be linked. Please sign it at the class teacher's.

office-left-out-no-consent = No code, since there is no consent to the processing of personal data:
office-left-out-nobody = No code, since they do not work at the school and have no child there any more:
office-left-out-login-closed = No code, since the school has closed the login (the administrator can open it):
office-left-out-meanwhile = Somebody else is issuing the code at this very minute; take theirs, or issue another:

consent-purpose-achievement = achievement
consent-purpose-attendance = attendance
consent-state-missing = not asked
consent-state-given = consent
consent-state-refused = refused
consent-state-withdrawn = withdrawn
consent-state-expired = ended
consent-since = from { $since }
consent-until = until { $until }

parent-subs-unsigned-achievement = Without your consent to data on achievement no marks, remarks, homework or notices come. You can sign it at the class teacher's. It is about: { $children }.
parent-subs-unsigned-attendance = Without your consent to data on attendance no messages about missed lessons come. You can sign it at the class teacher's. It is about: { $children }.

consent-class = { $title }: no answer from { $silent } of { $all }
consent-nobody = The journal knows no adults of pupils yet.
consent-all-answered = All adults of this class have answered: there is nothing to print.
consent-whose-unknown = There is no pupil “{ $child }” with an adult “{ $parent }” in the journal. Check the names: zvonok consent list --all
consent-whose-several = { $count ->
    [one] { $count } record fits.
   *[other] { $count } records fit.
} Add patronymics or --class.
consent-text-none = The school has no text of the consent yet. Publish it: zvonok consent text file.txt
consent-text-version = Version { $version } of { $day }, SHA-256 { $hash }
consent-text-damaged = Version { $version } of { $day }: THE TEXT WAS CHANGED PAST THE JOURNAL, it does not fit SHA-256 { $hash }
consent-text-unreadable = The file { $file } is no text in UTF-8. Save it as plain text.
consent-text-not-opened = The file { $file } cannot be opened ({ $why }).

consent-form-blank = ______________________________________
consent-form-heading = CONSENT TO THE PROCESSING OF PERSONAL DATA IN THE ELECTRONIC JOURNAL
consent-form-parent = Parent or legal guardian: { $parent }
consent-form-child = Pupil, class: { $child }
consent-form-choose = Mark one in each line:
consent-form-achievement = ☐ I consent   ☐ I do not   Achievement: marks, remarks and praise, homework, the diary, notices
consent-form-attendance = ☐ I consent   ☐ I do not   Attendance: missed lessons and their reasons
consent-form-until = The consent holds:  ☐ until it is withdrawn   ☐ until “____” ______________ 20____
consent-form-sign = Date “____” ______________ 20____        Signature ______________
consent-form-text = Text: version { $version }, SHA-256 { $hash }
