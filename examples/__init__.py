"""Things to try the product with; the product needs nothing from here."""
