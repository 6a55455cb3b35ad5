# Merging of duplicates: two records of one person become one.
refusal-merge-same-person = This is one and the same record: there is nothing to merge.
refusal-merge-across-schools = These are people of different schools. Records are merged only inside one school.
refusal-merge-reason-needed = Say why this is one and the same person.
refusal-merge-merged-already = One of these records was merged with another already. Open the list again.
refusal-record-unknown = There is no record with such a number. The numbers are shown by zvonok people twins.
refusal-merge-relatives = One of these records is a parent of the other. Mend the relation first.
twins-none = No two records look like one person.
twins-how = To merge: zvonok people merge KEPT DUPLICATE --why “why this is one person”
twins-merged = The records are one now. Rows moved: { $rows }.
twins-no-birth-date = birth date unknown
twins-pupil = pupil of { $class_title }
twins-adult-of = adult of { $children }
