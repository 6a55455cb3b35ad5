"""Who people are: names, cards, classes, forms of education, newcomers, twins and their merging, the roster."""
