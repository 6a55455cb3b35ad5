# Merging of duplicates: two records of one person become one.
refusal-merge-same-person = This is one and the same record: there is nothing to merge.
refusal-merge-across-schools = These are people of different schools. Records are merged only inside one school.
refusal-merge-reason-needed = Say why this is one and the same person.
refusal-merge-merged-already = One of these records was merged with another already. Open the list again.
refusal-merge-relatives = One of these records is a parent of the other. Mend the relation first.
