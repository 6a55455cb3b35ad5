# Entering by login and password, the second step, entering through a provider: letters, pages, refusals.
password-link-title = A link to enter by
password-link-press = Somebody asked for a link to enter the school journal. If it was you, open it: you can enter at once, or choose a new password. The link works once, and until { $until }.
password-link-not-you = If you did not ask, there is nothing to do: the password has not changed. Do not pass this link on.
password-link-button = Enter
letter-subject-password-link = A link to enter the school journal
letter-why-password-link = You get this letter because a link for your login was asked for on the login page.
password-link-asked = If there is such a login with a confirmed address or chat, a link to enter by will arrive there within minutes. A new link is sent once in ten minutes at most; until then the one before it is good. If there is none, ask the class teacher or the school's administrator for a new password.
office-login-line = { $login }  { $password }  { $name }{ $children }  (change by { $until })
office-login-where = Log in at { $url }. The first password opens one thing: the choice of your own. Choose it when you log in, and the first one is over.
web-password-advice = At least { $least } characters. The best is a phrase of several words that have nothing to do with you or with each other. Digits and signs are not required.
web-password-new = New password
web-password-save = Save
web-password-set-title = The password has been changed
web-password-set = Now log in with the new password. Your other stays have ended.
web-password-link-over-title = This link no longer works
web-password-link-over = A link works once and for half an hour. Ask for a new one on the login page.
web-not-entered-title = Logging in did not work
api-body-not-json = The request was not read: JSON is needed.
api-body-field = The field “{ $field }” is missing, unexpected, or not filled in as it should be.
api-body-too-large = The request is too large. Nothing was recorded.
api-foreign-page = Another page sent this request. Nothing was changed. Open the journal by its own address.
refusal-login-wrong = Login or password did not fit. Check the keyboard layout and try again.
refusal-login-too-many = Too many wrong tries. Try again in { $minutes ->
    [one] { $minutes } minute
   *[other] { $minutes } minutes
}. If you have forgotten the password, ask for a new one: the link comes at once.
refusal-source-too-many = Too many tries from your network. Try again in { $minutes ->
    [one] { $minutes } minute
   *[other] { $minutes } minutes
}, or from another network, such as a mobile one.
refusal-code-too-many = Too many wrong codes. Try again in { $minutes ->
    [one] { $minutes } minute
   *[other] { $minutes } minutes
}; a recovery code is good at once. If it was not you, somebody knows your password: change it.
refusal-password-too-many = Too many wrong tries. Try again in { $minutes ->
    [one] { $minutes } minute
   *[other] { $minutes } minutes
}. If you have forgotten the old password, ask for a new one on the login page.
refusal-login-no-consent = Without consent to the processing of personal data the electronic journal is not available. The class teacher takes the consent; the school can hand out the results on paper.
refusal-login-nobody = This login is no longer in force. Turn to the school's administrator.
refusal-login-other-way = At your school one enters in another way. Ask the school's administrator in which.
refusal-login-unknown = This person has no login.
refusal-login-issued-already = These passwords were issued and shown once already. Issue new ones.
refusal-login-none-free = There is no free login for this surname. Turn to support.
refusal-session-over = You have not logged in, or time is up. Please log in again.
refusal-session-unknown = There is no such stay in your list.
refusal-account-person-unknown = Your login does not stand for this person.
refusal-second-factor-due = Enter the code of the application to finish logging in.
refusal-second-factor-not-due = No code of the application is needed now.
refusal-second-factor-wrong = The code did not fit. Wait for the next one in the application; if the phone is lost, a recovery code will do.
refusal-second-factor-set-up = The second step is set up already.
refusal-second-factor-not-begun = The second step has not been set up.
refusal-second-factor-staff-only = The second step is for the school's staff.
refusal-password-change-due = First choose a password of your own in place of the one you were given.
refusal-password-old-wrong = The old password did not fit.
refusal-password-same = The new password is the old one. Choose another.
refusal-password-short = The password is too short: at least { $least } characters are needed. A phrase of several words is easiest to remember.
refusal-password-long = The password is too long: { $most } characters at most.
refusal-password-guessable = Such a password is easy to guess. Take several words that have nothing to do with you or with each other.
refusal-password-link-over = This link no longer works. Ask for a new one on the login page.
refusal-provider-away = Logging in through the outside service did not work. Try later, or use login and password.
refusal-provider-login-over = This login began in another window or too long ago. Begin again.
refusal-provider-login-broken-off = The login was not finished. Begin again when you are ready.
refusal-provider-person-unknown = Nobody in the journal has your data. Compare surname, given name, patronymic, birth date and document with the school: they must be recorded as in your account. The class teacher can correct the record, the account's data you can correct yourself.
refusal-provider-account-closed = Entering through the outside service is closed for you, as happens when a stranger's entering was reported. The school's administrator makes sure that it is you and opens it again; you can enter by login and password if they were issued to you anew.
refusal-provider-account-open = This person has no closed way through the outside service.
refusal-document-number-short = The number of the document is too short. Nothing was recorded.
office-login-closed = The login is closed: { $name }.
office-second-factor-off = The second step is off: { $name }.
office-provider-reopened = The way through the outside service is open again: { $name }.
office-login-no-consent = Without a login, since there is no consent to the processing of personal data:
office-login-nobody = Without a login, since they do not work here and have no child here any more:
office-login-login-closed = Without a login, since the school has closed it (the administrator can open it):
office-login-meanwhile = Somebody else is issuing the password at this very minute; take theirs, or issue another:
office-document-kept = The document is recorded: { $name }.
