"""The school year: calendar, bells, weekly timetable, changes, lessons by date, clashes, who is in a group. Pure.

``calendar`` says which days are taught, ``bells`` at what hours, ``weekly`` what is taught each week; ``planned`` makes
dated lessons of the three and of ``changes``; ``clashes`` tells who or what is asked to be in two places at once, by
``membership``, which knows who is in a group on a day.
"""
