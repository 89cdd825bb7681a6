"""What is special to each kind of field: how its values are read, and how two are compared.

``folding`` and ``days`` and ``readers`` turn distinct raw values into a table of what is known of
them; ``levels`` says in words what each comparison can find; the other modules judge couples.
"""
