# The page of an absence, opened by the link of a letter. The answers are those under the message in a chat.
web-absence-call = You do not know where the child is? Do not wait: call the child, and the school at once.
web-absence-nothing-asked = No answer is needed.
web-absence-closed = The school year is closed; no answer can be recorded. If yours still matters, please write to the class teacher.
