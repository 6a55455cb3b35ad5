# The kind of a school as its office calls it.
office-kind-municipal = municipal
office-kind-state = state
office-kind-private = private
office-kind-branch = branch
