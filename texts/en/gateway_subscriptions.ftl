# Why a message was not sent: words about what the reader chose.
reason-other-subject = the reader asked for some subjects only, and this is none of them
reason-bad-page = the address of the page for unsubscribing is wrong
letter-unsubscribe = No more letters: { $url }
letter-unsubscribe-label = No more letters
