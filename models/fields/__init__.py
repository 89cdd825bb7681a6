"""One module per kind of value: raw text in, clean values with a status out, by the column."""
