"""What rules a school may have: deadlines, codes, thresholds (DL, CONF), and two ready profiles. Pure.

``model`` says what there is, ``profiles`` what is ready, ``wording`` how people write it. Which of them a school has,
and who changes that, is told by ``core.school.school_rules``.
"""
