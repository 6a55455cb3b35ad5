# Sheets with codes that the class teacher hands out to parents and employees (AUTH-07).
letter-code-title = The school is near, even while you are at work
letter-code-title-staff = The journal on your phone
letter-code-for = For: { $name }
letter-code-child = Child: { $child }
letter-code-about = Not at the lesson, a mark, a lesson cancelled, off to the museum: the school writes to you by itself. You answer «ill» with one tap. What is sent, and when, is for you to choose.
letter-code-about-staff = Mark who is absent, give a mark, set homework: all of it from your phone, in the school's chat.
letter-code-step-scan = Point your phone's camera at the square of your messenger, and press «Start».
letter-code-step-birth = The bot asks for the child's birth date: so the school knows that the sheet is in your hands.
letter-code-step-choose = Choose what is sent.
letter-code-step-choose-staff = Done: write «Help» to the bot, and it tells you the rest.
letter-code-typed = The camera did not help? Find the bot, and write the code to it:
letter-code-bot-max = MAX: { $bot }
letter-code-bot-telegram = Telegram: { $bot }
letter-code-until = The code is yours alone, works once, and until { $until }. Do not photograph it, and give it to nobody.
letter-code-otherwise-mail = A messenger is your own choice. If you want none, tell the class teacher your mailbox: the school writes there.
letter-code-otherwise = A messenger is your own choice. If you want none, tell the class teacher.
letter-code-foreign = Not your sheet? Please give it back to the school.
letter-codes-written = { $count ->
    [one] Sheet in the file «{ $path }»: { $count }.
   *[other] Sheets in the file «{ $path }»: { $count }.
} Print them, cut along the line, hand them out against a signature, then delete the file: it holds the codes, which nobody shows again.
letter-codes-ending = «{ $path }»: sheets are written as PDF. Name a file such as letters.pdf.
letter-codes-no-bot = A sheet needs the school's bot, and its name is not set. Set ZVONOK_MAX_BOT_NAME or ZVONOK_TELEGRAM_BOT_NAME of the messenger that the school may use.
letter-codes-there = The file { $path } is there already. Name another: the sheets before may not be handed out yet.
