# Entering by a password from a browser that the journal has not seen: the message to the owner, and the page "this is not me".
strange-entry-title = Somebody entered the journal
strange-entry-when = Somebody entered the school journal by your password: { $browser }, { $day } at { $time }. It had not been used there before.
strange-entry-browser-unknown = an unknown browser
strange-entry-you = If it was you, there is nothing to do.
strange-entry-not-you = If it was not, open the link and press "This is not me": every stay ends and the password opens nothing any more. The link is good for a week. Do not pass it on.
strange-entry-button = Look at it
letter-subject-strange-entry = Somebody entered the school journal
letter-why-strange-entry = You get this letter because your password was used in a new browser.
web-entry-not-you = If it was not, press the button. Every stay ends, and this password opens nothing any more. You choose a new one on the login page: "Forgot your password? Enter by a link". The chat with the school stays connected.
web-button-not-me = This is not me
web-entry-disowned-title = All stays have ended
web-entry-disowned = The former password opens nothing any more. To enter again, open the login page and press "Forgot your password? Enter by a link": the link comes to you. Tell the school that somebody else has entered: they will look whether anything was changed in your name.
web-strange-entry-over-title = This link no longer works
web-strange-entry-over = It was answered already, or a week has passed. If you think that somebody else enters the journal, set a new password on the login page ("Forgot your password? Enter by a link") and tell the school.
refusal-strange-entry-over = This link no longer works. Set a new password on the login page and tell the school that somebody else has entered.
trace-title-strange-entry = { $name } · a new browser, { $day }
dead-kind-strange_entry = a new browser
