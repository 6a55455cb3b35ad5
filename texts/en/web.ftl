# The page of a notice, opened by the link of a letter.
web-class = Class: { $title }
web-children = { $count ->
    [one] Your child: { $names }
   *[other] Your children: { $names }
}
web-last-day = Last day for an answer: { $day }
web-ask-read = This is for you to know. No answer is needed.
web-ask-confirm = When you have read it, please press the button.
web-ask-sign = Please read it and choose your answer. A signature is for this very text.
web-nothing-yet = Until a button is pressed, the school has had no answer from you.
web-change = If you have changed your mind, you may answer otherwise:
web-button-confirmed = I have read it
web-button-signed = I sign
web-button-refused = I do not sign
web-own-confirmed = You confirmed that you read it: { $day }, { $time }. Thank you!
web-own-signed = You signed: { $day }, { $time }. Thank you!
web-own-refused = Your answer is “I do not sign”: { $day }, { $time }. The class teacher sees it.
web-withdrawn = The school has taken this notice back. No answer is needed.
web-late = The last day for an answer is over. If your answer still matters, please write to the class teacher.
web-personal-link = This link is yours alone. Please do not pass it on: whoever opens it can answer in your name.
web-nothing-here-title = There is nothing here
web-nothing-here = The link is incomplete or no longer valid. Open it again from the school's letter; if that does not help, ask the class teacher.
web-closed-title = Nothing can be shown here now
web-form-broken-title = The answer did not arrive whole
web-form-broken = Nothing was recorded. Open the link from the letter again and press the button once more.
web-away-title = The page cannot be opened now
web-away = This is a fault of ours; nothing has happened to your answer. Please try again in a few minutes.
