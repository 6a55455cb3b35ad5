# Organisations: region, municipality, school, branch.
refusal-authority-name-needed = Name the authority: from one to { $longest } characters.
refusal-authority-exists = “{ $name }” is in the journal already.
refusal-municipal-school-under-region = “{ $name }” is a municipal school: it stands under a municipality, not under the region itself.
refusal-school-is-no-branch = “{ $name }” is no branch and has no head organisation.
refusal-head-is-a-branch = “{ $name }” is a branch and cannot be a head organisation.
organisations-empty = There are no organisations yet.
organisations-region = { $name } — region
organisations-municipality = { $name } — municipality
organisations-school = { $name } — { $kind }
organisations-branch = { $name } — branch: { $head }
organisations-outside = Under no authority:
organisations-done = Written down.
refusal-authority-unknown = There is no such region or municipality in the journal.
