# A substitution from a phone: whom to replace, which lesson, who steps in.
stand-in-button = Substitution
stand-in-whom = Who is to be replaced today? In brackets: how many lessons are still ahead, or on.
stand-in-nobody-teaches = The lessons of today are over, there is nobody to replace.
stand-in-giver = { $name } ({ $count })
stand-in-which = { $name }: which lesson will somebody else give?
stand-in-none-left = { $name }: there are no more lessons today.
stand-in-lesson = { $number }, { $starts } · { $class_title } · { $subject }
stand-in-who = Who gives this lesson? These have none at that time; with a dot: those who have other lessons today.
stand-in-nobody-free = Every teacher has a lesson at that time. The office records a substitution on other terms.
stand-in-here = • { $name }
stand-in-recorded = The substitution is recorded: { $name } gives the lesson. It stands in that teacher's list in the bot, and families hear of it as they chose.
stand-in-button-undo = Take the substitution back
stand-in-button-more = Another substitution
stand-in-taken-back = The substitution is taken back: the lesson is held as planned.
refusal-stand-in-unknown = This teacher does not work at the school any more. Open the substitution anew.
