# “My data”: a parent's mailbox and what is sent. Of a mailbox the answer is the same, whosever it is.
bot-command-me = My data: mailbox and messages
me-title = My data and messages
me-whose = Whose data?
me-mailbox-none = There is no mailbox. If you give one, messages of the school can come as letters.
me-mailbox-used = Mailbox: { $mailbox }. It is confirmed.
me-mailbox-stated = The school wrote down the mailbox { $mailbox }, but nobody has confirmed it, and no letters go there. If it is yours, give it here.
me-mailbox-waiting = Waits for confirmation: { $mailbox }. Find the letter “Confirm your mailbox for the school journal” there and open the link before { $until } on { $day }. Until the mailbox is confirmed, no letters of the school go there.
    No letter? Look into “Spam” and check the address. You can ask for a new link after ten minutes: give the mailbox once more. One mailbox gets no more than three such letters a day, and whoever answered “It is not me” gets none any more.
me-mailbox-not-allowed = This school sends no letters at present.
me-type = Write your mailbox in one message, like anna@example.ru. A letter with a link will come to it: open the link, and the mailbox is confirmed.
me-take-back-ask = Take the mailbox back? Letters of the school will not come to it any more. Messages to the messenger will go on.
me-button-give = Give a mailbox
me-button-change = Give another mailbox
me-button-take-back = Take the mailbox back
me-button-take-back-yes = Yes, take it back
me-button-leave = Leave it as it is
me-button-open = My data and messages

## Messages
me-news-on = Messages of the school come. Which, and how often, is chosen in “What is sent, and how”.
me-news-off = Messages of the school are switched off.
me-letters-on = Letters come to the mailbox.
me-letters-later = Letters will come when the mailbox is confirmed.
me-letters-off = Letters to the mailbox are switched off.
me-copies-on = What comes to the messenger is repeated by a letter.
me-news-off-ask = Switch off all messages of the school? What you chose in “What is sent, and how” will be forgotten. You can switch them on again any day: what the school advises will come back.
me-button-news = Tell me of news
me-button-letters = Send letters
me-button-copies = Repeat messages to the mailbox
me-button-news-off-yes = Yes, switch off

teacher-mailbox-no-forward = A forwarded message is not taken. Write the address of the mailbox yourself.
teacher-mailbox-no-picture = Write the mailbox in words, like anna@example.ru.
