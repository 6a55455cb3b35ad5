# “Notification” on the page of one's own account: three switches. The button says what will be, the line above it what is.
web-switches = Notification
web-switches-about = Which messages are sent, and how often, is chosen in the school's chat: “What is sent, and how”.
web-switch-news-on = Messages of the school come.
web-switch-news-off = Messages of the school are switched off.
web-switch-news-turn-on = Tell me of news
web-switch-news-turn-off = Switch all messages off and forget my choice
web-switch-letters-on = Letters to the mailbox are switched on.
web-switch-letters-off = Letters to the mailbox are switched off.
web-switch-letters-turn-on = Send letters
web-switch-letters-turn-off = No letters
web-switch-copies-on = What comes to the messenger is repeated by a letter.
web-switch-copies-off = What goes to your messenger is not repeated by letter.
web-switch-copies-turn-on = Repeat messages to the mailbox
web-switch-copies-turn-off = Do not repeat
