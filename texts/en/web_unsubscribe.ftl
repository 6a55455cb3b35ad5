# The page on which letters of the school are refused. It holds neither names nor an address.
web-unsubscribe-title = No more letters?
web-unsubscribe-all = All letters of the school to this mailbox will stop: of missed lessons, marks and notices.
web-unsubscribe-other = Messages to your messenger will go on.
web-unsubscribe-nothing = The school has no other way to write to you. If the child misses a lesson, no message will come.
web-unsubscribe-not-yet = As long as the button is not pressed, everything stays as it is.
web-button-leave = No more letters
web-button-back = Send letters again
web-unsubscribed-title = No letters come any more
web-unsubscribed = You have refused the school's letters. You can have them back by the link at the end of any earlier letter, or in the school's chat: “My data and messages”.
web-unsubscribed-other = Messages of the school come to your messenger only.
web-unsubscribed-nothing = If the child misses a lesson, no message will come to you. The class teacher sees this.
web-resubscribed-title = Letters come again
web-resubscribed = All is as it was: your settings have stayed. You can refuse on any day by the same link.
web-unsubscribe-back = Changed your mind? You can have the letters back any day, just as you had set them.
web-unsubscribe-choose = What is sent, and how often, you choose in the school's chat: “What is sent, and how”. The class teacher gives out the code for it.
